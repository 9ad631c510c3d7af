import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { bytesToInteger } from '../../integers/bytes.ts'
import { wasmArithmetic } from '../../integers/wasm.ts'
import { loadKernel } from '../../integers/load.node.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'

const random = seededRandom('memory')
const draw = (bits: number): bigint => bytesToInteger(random(bits / 8))

test('both kernels together are under 60 KB, compressed', async () => {
  const files = ['fma', 'portable'].map((name) => readFile(new URL(`../../build/${name}.wasm`, import.meta.url)))
  const bytes = (await Promise.all(files)).reduce((sum, file) => sum + gzipSync(file).length, 0)
  assert.ok(bytes < 60_000, `${bytes} bytes`)
})

test('nothing of a computation is left in wasm memory once it is erased', async (context) => {
  const memories: WebAssembly.Memory[] = []
  const Instance = WebAssembly.Instance
  context.mock.method(WebAssembly, 'Instance', function (module: WebAssembly.Module) {
    const instance = new Instance(module)
    memories.push(instance.exports['memory'] as WebAssembly.Memory)
    return instance
  })
  const arithmetic = wasmArithmetic(await loadKernel())
  const value = draw(2048) | (1n << 2047n) | 1n
  const [g, secretBits] = [draw(2048), 1024]
  const batch = Array.from({ length: 9 }, () => [{ base: g, exponent: draw(secretBits), secretBits, uses: 20 }])
  await arithmetic.products({ value }, batch)
  await arithmetic.products({ value }, [[{ base: g, exponent: draw(secretBits), secretBits }]])

  const isZero = ({ buffer }: WebAssembly.Memory): boolean => new BigUint64Array(buffer).every((word) => word === 0n)
  assert.ok(memories.some((memory) => !isZero(memory)))
  arithmetic.erase()
  // The first page is the compiler's: constants.
  for (const { buffer } of memories) {
    assert.ok(new BigUint64Array(buffer, 65_536).every((word) => word === 0n))
  }
})
