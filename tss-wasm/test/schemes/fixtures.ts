import { readFileSync } from 'node:fs'

/** A file of tss-wasm/test/fixtures/schemes, whose README says where it is from. */
export function schemeFixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/schemes/${name}.json`, import.meta.url), 'utf8'))
}
