// node scripts/built.ts SCRIPT [ARGUMENT ...]: builds the arithmetic if its source has changed, then runs SCRIPT.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildWasm } from './build.ts'
import { root } from './project.ts'

buildWasm()
const [node = '', , script = '', ...rest] = process.argv
const path = resolve(root, script)
process.argv = [node, path, ...rest]
await import(pathToFileURL(path).href)
