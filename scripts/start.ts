// npm start: builds what is missing, then runs the local stack (coordinator, two server parties, web app) until Ctrl-C.
import { buildEngine, buildWeb } from './build.ts'

buildEngine()
buildWeb()
await import('./stack.ts')
