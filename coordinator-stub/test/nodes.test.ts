import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { originsOf, parseNodes, parseTokens } from '../http/nodes.ts'
import { contentSecurityPolicy } from '../../files/appHeaders.ts'

const token = '0x5FbDB2315678afecb367f032d93F642f64180aa3'

describe('NODES', () => {
  it('are chain and address, several of one chain, and none by default', () => {
    assert.deepEqual(parseNodes(''), [])
    const nodes = parseNodes('1=https://a.example/key?x=1, 1=https://b.example,31337=http://127.0.0.1:8545')
    assert.deepEqual(nodes, [
      { chainId: '1', url: 'https://a.example/key?x=1' },
      { chainId: '1', url: 'https://b.example' },
      { chainId: '31337', url: 'http://127.0.0.1:8545' },
    ])
    assert.deepEqual(originsOf([...nodes, ...nodes]), [
      'https://a.example',
      'https://b.example',
      'http://127.0.0.1:8545',
    ])
    assert.match(
      contentSecurityPolicy('', originsOf(nodes)),
      /connect-src 'self' https:\/\/a\.example https:\/\/b\.example/,
    )
  })

  const wrong = [
    ...['https://a.example', '0=https://a.example', '01=https://a.example', '1=', '=https://a.example', '1=a.example'],
    ...[
      '1=http://a.example',
      '1=https://*.example',
      '1=wss://a.example',
      '1=https://u:p@a.example',
      '1=https://a.example#k',
    ],
    ...[
      '9223372036854775808=https://a.example',
      '-1=https://a.example',
      "1=https://a'.example",
      '1=javascript:alert(1)',
    ],
  ]
  for (const text of wrong) {
    it(`${text} is refused`, () => {
      assert.throws(() => parseNodes(`1=https://good.example,${text}`), /NODES: not "chain id=/)
    })
  }
})

describe('TOKENS', () => {
  it('are chain, contract, symbol and decimals', () => {
    assert.deepEqual(parseTokens(`31337:${token}:TEST:6`), [
      { chainId: '31337', address: token, symbol: 'TEST', decimals: 6 },
    ])
    for (const text of [
      token,
      `1:${token}:TEST`,
      `1:${token}:TE ST:6`,
      `1:0x12:TEST:6`,
      `1:${token}:TEST:99`,
      `0:${token}:T:1`,
    ])
      assert.throws(() => parseTokens(text), /TOKENS: not "chain id:/, text)
  })
})
