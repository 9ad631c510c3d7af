// npm run setup: everything installed (by setup.mjs, before this runs) and everything built.
import { buildWeb } from './build.ts'

buildWeb()
