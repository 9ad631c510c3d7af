// npm start: builds what is missing, then runs the local stack (coordinator, two server parties, web app) until Ctrl-C.
import { buildWeb } from './build.ts'

buildWeb()
await import('./stack.ts')
