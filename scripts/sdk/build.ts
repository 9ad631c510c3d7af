// npm run sdk:build: sdk/typescript/dist, for npm pack.
import { buildTypescriptSdk } from './typescript.ts'

await buildTypescriptSdk()
