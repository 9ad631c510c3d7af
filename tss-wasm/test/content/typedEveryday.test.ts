import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { bytesToHex } from '@noble/hashes/utils.js'
import { TypedDataEncoder } from 'ethers'
import { hashTypedData, keccak256, type Hex } from 'viem'
import { ContentRefused } from '../../content/refused.ts'
import { decodeTypedData, readTypedData, typedDataDigest } from '../../content/typedData.ts'

type Json = Record<string, unknown>
interface Data {
  readonly types: Record<string, { name: string; type: string }[]>
  readonly primaryType: string
  readonly domain: Json
  readonly message: Json
}

const contract = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
const viems = (data: Data) => hashTypedData(data as Parameters<typeof hashTypedData>[0])
const ethers = ({ types, domain, message }: Data) => {
  const own = Object.fromEntries(Object.entries(types).filter(([name]) => name !== 'EIP712Domain'))
  return TypedDataEncoder.hash(domain, own, message)
}
const read = (data: unknown) => readTypedData(JSON.stringify(data))
const ours = (data: unknown): Hex => `0x${bytesToHex(typedDataDigest(read(data).json))}`

const text = { name: 'name', type: 'string' }
const letter = { Letter: [{ name: 'text', type: 'string' }] }
const plain: Data = {
  types: letter,
  primaryType: 'Letter',
  domain: { name: 'Post', version: '1', chainId: 1, verifyingContract: contract },
  message: { text: 'hello' },
}

suite('typed data as people really sign it', () => {
  test('of Hyperliquid: a colon in the name of a type, and keys that no type declares', () => {
    const types = {
      'HyperliquidTransaction:UsdSend': [
        { name: 'hyperliquidChain', type: 'string' },
        { name: 'destination', type: 'string' },
        { name: 'amount', type: 'string' },
        { name: 'time', type: 'uint64' },
      ],
    }
    const domain = {
      name: 'HyperliquidSignTransaction',
      version: '1',
      chainId: 42161,
      verifyingContract: `0x${'0'.repeat(40)}`,
    }
    const message = {
      hyperliquidChain: 'Mainnet',
      destination: contract.toLowerCase(),
      amount: '100',
      time: 1718000000000,
    }
    const data = { types, primaryType: 'HyperliquidTransaction:UsdSend', domain, message }
    assert.equal(ours(data), viems(data))
    assert.equal(ours(data), ethers(data))
    const more = { ...data, message: { type: 'usdSend', signatureChainId: '0xa4b1', ...message }, account: contract }
    assert.equal(ours(more), viems(data))
    assert.deepEqual(read(more).leftOut, ['account', 'message.type', 'message.signatureChainId'])
    assert.deepEqual(read(data).leftOut, [])
  })

  test('with a domain in another order, of fewer values than it is given, or of none', () => {
    const reordered = {
      ...plain,
      types: {
        ...letter,
        EIP712Domain: [{ name: 'chainId', type: 'uint256' }, text, { name: 'version', type: 'string' }],
      },
      domain: { name: 'Post', version: '1', chainId: 1 },
    }
    assert.equal(ours(reordered), viems(reordered))
    assert.notEqual(ours(reordered), ours({ ...reordered, types: letter }))

    const fewer = { ...plain, types: { ...letter, EIP712Domain: [text] } }
    assert.equal(ours(fewer), viems({ ...fewer, domain: { name: 'Post' } }))
    assert.deepEqual(read(fewer).leftOut, ['domain.version', 'domain.chainId', 'domain.verifyingContract'])
    assert.deepEqual(
      decodeTypedData(read(fewer).json).domain.map(({ name }) => name),
      ['name'],
      'what the signature does not say is not shown as if it did',
    )

    const none = { ...plain, domain: {} }
    assert.equal(ours(none), viems(none))
    assert.equal(ours(none), ethers(none))
    const declaredEmpty = { ...none, types: { ...letter, EIP712Domain: [] } }
    assert.equal(ours(declaredEmpty), viems(declaredEmpty))
    assert.equal(ours({ ...plain, domain: { ...plain.domain, salt: null } }), ethers(plain))
  })

  test('with the domain of Evmos and Injective, whose contract and salt are texts', () => {
    const domainFields = ['name', 'version', 'chainId', 'verifyingContract', 'salt'].map((name) => ({
      name,
      type: name === 'chainId' ? 'uint256' : 'string',
    }))
    const cosmos = {
      types: {
        EIP712Domain: domainFields,
        Tx: [
          { name: 'account_number', type: 'string' },
          { name: 'fee', type: 'Fee' },
          { name: 'msgs', type: 'Msg[]' },
        ],
        Fee: [{ name: 'gas', type: 'string' }],
        Msg: [{ name: 'type', type: 'string' }],
      },
      primaryType: 'Tx',
      domain: { name: 'Injective Web3', version: '1.0.0', chainId: '0x1', verifyingContract: 'cosmos', salt: '0' },
      message: { account_number: '8', fee: { gas: '200000' }, msgs: [{ type: 'MsgSend' }] },
    }
    // Libraries ask for an address before they hash a whole; of its two halves ethers makes the hashes.
    const { Tx, Fee, Msg } = cosmos.types
    const own = { Tx, Fee, Msg }
    const domainWord = TypedDataEncoder.hashStruct('EIP712Domain', { EIP712Domain: domainFields }, cosmos.domain)
    const messageWord = TypedDataEncoder.hashStruct('Tx', own, cosmos.message)
    assert.equal(ours(cosmos), keccak256(`0x1901${domainWord.slice(2)}${messageWord.slice(2)}`))
  })

  test('whose types contain themselves, by a list or by nothing', () => {
    const node = [
      { name: 'name', type: 'string' },
      { name: 'children', type: 'Node[]' },
    ]
    const tree = {
      ...plain,
      types: { Node: node },
      primaryType: 'Node',
      message: {
        name: 'a',
        children: [
          { name: 'b', children: [] },
          { name: 'c', children: [{ name: 'd', children: [] }] },
        ],
      },
    }
    assert.equal(ours(tree), viems(tree))
    const chain = { ...plain, types: { Link: [text, { name: 'next', type: 'Link' }] }, primaryType: 'Link' }
    const linked = read({ ...chain, message: { name: 'a', next: { name: 'b', next: null } } })
    const { message } = decodeTypedData(linked.json)
    assert.deepEqual(message[1]?.value, [
      { name: 'name', type: 'string', value: 'b' },
      { name: 'next', type: 'Link', value: undefined },
    ])
    assert.throws(
      () => read({ ...plain, message: null }),
      ContentRefused,
      'nothing stands for a struct that is no list',
    )
  })

  test('with numbers beyond what JavaScript can count, exactly; with fractions not at all', () => {
    const types = { Pay: [{ name: 'amount', type: 'uint256' }] }
    const written = (amount: string) =>
      JSON.stringify({ ...plain, types, primaryType: 'Pay', message: { amount: '?' } }).replace('"?"', amount)
    const big = '123456789012345678901234567890'
    const digest = `0x${bytesToHex(typedDataDigest(readTypedData(written(big)).json))}`
    assert.equal(digest, viems({ ...plain, types, primaryType: 'Pay', message: { amount: BigInt(big) } }))
    for (const amount of ['4503599627370497.4', '1e21', '1.0', '-0', '4.0e2']) {
      assert.throws(
        () => readTypedData(written(amount)),
        (error) =>
          error instanceof ContentRefused &&
          error.field === 'message.amount' &&
          error.rule === 'not-integer' &&
          error.given === amount,
        amount,
      )
    }
  })

  test('in the request that it came in, or with the JSON in a text of its own', () => {
    const request = (params: unknown) => ({ jsonrpc: '2.0', id: 1, method: 'eth_signTypedData_v4', params })
    for (const wrapped of [
      request([contract, plain]),
      request([contract, JSON.stringify(plain)]),
      [contract, plain],
      JSON.stringify(plain),
    ]) {
      assert.equal(ours(wrapped), viems(plain))
    }
    const other = { ...request([contract, plain]), method: 'eth_sendTransaction' }
    assert.throws(
      () => read(other),
      (error) =>
        error instanceof ContentRefused && error.rule === 'other-method' && error.given === 'eth_sendTransaction',
    )
    assert.throws(() => read([plain, plain]), ContentRefused)
  })
})
