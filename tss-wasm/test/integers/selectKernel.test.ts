import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { type KernelBytes, selectKernel } from '../../integers/selectKernel.ts'

const read = async (file: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await readFile(new URL(`../../build/${file}.wasm`, import.meta.url)))
const [fma, portable] = [await read('fma'), await read('portable')]

function offering(fast: Uint8Array<ArrayBuffer>): KernelBytes {
  return (name) => Promise.resolve(name === 'portable' ? portable : fast)
}

/** Every occurrence of a byte pattern exchanged. */
function exchanged(module: Uint8Array<ArrayBuffer>, pattern: readonly number[], by: readonly number[]): typeof module {
  const copy = module.slice()
  let found = 0
  for (let at = 0; at < copy.length; at++) {
    if (!pattern.every((byte, i) => copy[at + i] === byte)) continue
    copy.set(by, at)
    found++
  }
  assert.ok(found > 0, 'the pattern is there')
  return copy
}

test('the fast kernel where it works', async () => {
  assert.equal((await selectKernel(offering(fma))).name, 'relaxed-simd')
  assert.equal((await selectKernel(offering(fma), 'portable')).name, 'portable')
})

const multiplyAdd = [0xfd, 0x87, 0x02]
const broken = {
  'an instruction the engine does not know': exchanged(fma, multiplyAdd, [0xfd, 0xff, 0x03]),
  'a multiply-add that gives something else': exchanged(fma, multiplyAdd, [0xfd, 0x88, 0x02]),
  'powers that come out wrong': exchanged(fma, [3, 0, 0, 0, 0, 0, 0x68, 0x46], [4, 0, 0, 0, 0, 0, 0x68, 0x46]),
}
for (const [what, bytes] of Object.entries(broken)) {
  test(`the portable kernel after ${what}`, async () => {
    assert.equal((await selectKernel(offering(bytes))).name, 'portable')
    await assert.rejects(selectKernel(offering(bytes), 'relaxed-simd'), /relaxed SIMD/)
  })
}
