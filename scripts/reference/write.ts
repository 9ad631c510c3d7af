// npm run reference: writes docs/reference from the sources.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../project.ts'
import { referencePages } from './pages.ts'

for (const [path, text] of await referencePages()) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
