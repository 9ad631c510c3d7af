// Writes sdk/vectors.json, which the SDKs of other languages are tested with.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { vectors } from '../../sdk/test/vectors.ts'
import { root } from '../project.ts'

writeFileSync(join(root, 'sdk/vectors.json'), `${JSON.stringify(vectors(), null, 2)}\n`)
