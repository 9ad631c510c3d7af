// node scripts/built.ts SCRIPT [ARGUMENT ...]: builds arithmetic and engine if their sources have changed, then runs SCRIPT.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildEngine } from './build.ts'
import { root } from './project.ts'

buildEngine()
const [node = '', , script = '', ...rest] = process.argv
const path = resolve(root, script)
process.argv = [node, path, ...rest]
await import(pathToFileURL(path).href)
