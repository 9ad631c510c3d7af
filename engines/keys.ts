import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { build } from 'vite'
import { type EngineName, openBrowser } from './engines.ts'

type Made = Readonly<Record<'Ed25519' | 'X25519', number[]>> & { readonly generated: number }

/** In the page: the public halves of keys that begin with a zero byte, and how many of 300 pairs could be generated. */
const making = `
  const [secret, done] = arguments
  import('/keys.js').then(async ({ pairOf, generatePair }) => {
    const publicOf = async (curve) => {
      const { publicKey } = await pairOf(curve, new Uint8Array(secret), false)
      return [...new Uint8Array(await crypto.subtle.exportKey('raw', publicKey))]
    }
    let generated = 0
    for (; generated < 300; generated += 1) await generatePair(generated % 2 === 0 ? 'Ed25519' : 'X25519', false)
    return { Ed25519: await publicOf('Ed25519'), X25519: await publicOf('X25519'), generated }
  }).then(done, (error) => done(String(error)))`

/** Our own code for keys (tss-wasm/identity/curve25519.ts) in an engine, also with those that begin with a zero byte. */
export async function hasEveryKey(engine: EngineName): Promise<void> {
  const code = await bundled(resolve(import.meta.dirname, '../tss-wasm/identity/curve25519.ts'))
  const server = createServer((request, response) => {
    const isCode = request.url === '/keys.js'
    response.setHeader('Content-Type', isCode ? 'text/javascript' : 'text/html')
    response.end(isCode ? code : '<!doctype html><title>keys</title>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await using browser = await openBrowser(engine)
    await browser.driver.get(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    const secret = new Uint8Array(32).fill(7)
    secret[0] = 0
    const made = await browser.driver.executeAsyncScript<Made | string>(making, [...secret])
    assert.deepEqual(made, {
      Ed25519: [...ed25519.getPublicKey(secret)],
      X25519: [...x25519.getPublicKey(secret)],
      generated: 300,
    })
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

async function bundled(entry: string): Promise<string> {
  const built = await build({
    ...{ configFile: false, publicDir: false, logLevel: 'silent' },
    build: { write: false, target: 'es2022', lib: { entry, formats: ['es'] } },
  })
  const [first] = [built].flat()
  const [chunk] = first !== undefined && 'output' in first ? first.output : []
  if (chunk === undefined) throw new Error('the bundler made nothing')
  return chunk.code
}
