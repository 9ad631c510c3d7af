import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const fixtures = join(import.meta.dirname, '../tss-wasm/test/fixtures')

/** Seven sets, as JSON: tss-lib's five and two of our own. */
export const savedPreParameters: readonly string[] = ['tss-lib/keygen_data_*.json', 'pre_*.json']
  .flatMap((pattern) => globSync(join(fixtures, pattern)).sort())
  .map((file) => readFileSync(file, 'utf8'))
