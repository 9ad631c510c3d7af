import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseRpcOrigins } from '../http/rpcOrigins.ts'

describe('RPC_ORIGINS', () => {
  it('are origins, https or of this machine, and none by default', () => {
    assert.deepEqual(parseRpcOrigins(''), [])
    const text = 'https://node.example, http://localhost:8545,https://rpc.example:8443'
    const origins = ['https://node.example', 'http://localhost:8545', 'https://rpc.example:8443']
    assert.deepEqual(parseRpcOrigins(text), origins)
  })

  const wrong = [
    ...['*', 'https://*.example', 'https:', 'node.example', "'unsafe-eval'", 'https://node.example/path', 'data:'],
    ...['http://node.example', 'https://node.example; script-src *', 'https://node.example/', 'HTTPS://NODE.EXAMPLE'],
    ...['https://user@node.example', 'wss://node.example', "https://node'.example", 'https://a;b.example'],
  ]
  for (const text of wrong) {
    it(`${text} is refused: it would say something else in the policy`, () => {
      assert.throws(() => parseRpcOrigins(`https://good.example,${text}`), /RPC_ORIGINS: not an origin/)
    })
  }

  it('are bounded in number', () => {
    assert.throws(() => parseRpcOrigins('https://a.example,'.repeat(21)), /more than/)
  })
})
