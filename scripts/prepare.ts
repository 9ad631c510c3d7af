// npm run setup: everything installed (by setup.mjs, before this runs) and everything built.
import { buildEngine, buildWeb } from './build.ts'

buildEngine()
buildWeb()
