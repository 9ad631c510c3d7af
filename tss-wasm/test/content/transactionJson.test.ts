import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { Transaction as TheirTransaction } from 'ethers'
import { parseTransaction, serializeTransaction, type Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { ContentRefused } from '../../content/refused.ts'
import { encodeTransaction } from '../../content/transaction.ts'
import { isAuthorizationJson, readAuthorizationJson, readTransactionJson } from '../../content/transactionJson.ts'

const account = privateKeyToAccount(`0x${'07'.repeat(32)}`)
const to = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
const other = '0x000000000022D473030F116dDEE9F6B43aC78BA3'
const common = { chainId: 1, nonce: 7, to, value: 10n ** 18n, gas: 100_000n, data: '0x1234ab' } as const
const feeMarket = { ...common, maxFeePerGas: 30n, maxPriorityFeePerGas: 2n } as const

const json = (value: object) =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `0x${each.toString(16)}` : each))
const read = (value: object | string) =>
  readTransactionJson(typeof value === 'string' ? value : json(value), account.address)

function bytesOf(value: object | string): Hex {
  const { transaction } = read(value)
  assert.ok(transaction !== undefined, 'a whole transaction')
  return `0x${bytesToHex(encodeTransaction(transaction))}`
}

function refusal(field: string, rule: string, value: { given?: string; needed?: string } = {}) {
  return (error: unknown) => {
    assert.ok(error instanceof ContentRefused, String(error))
    assert.deepEqual([error.field, error.rule], [field, rule])
    for (const name of ['given', 'needed'] as const) if (name in value) assert.equal(error[name], value[name])
    return true
  }
}

suite('a transaction in JSON', () => {
  test('of ethers, as its toJSON writes it, in each form', () => {
    const forms = [
      { type: 2, maxFeePerGas: 30n, maxPriorityFeePerGas: 2n },
      { type: 1, gasPrice: 30n, accessList: [{ address: other, storageKeys: [`0x${'11'.repeat(32)}`] }] },
      { type: 0, gasPrice: 30n },
    ]
    for (const form of forms) {
      const { gas, ...rest } = common
      const theirs = TheirTransaction.from({ ...rest, ...form, gasLimit: gas })
      const written = JSON.stringify(theirs)
      assert.match(written, /"sig":null/)
      assert.equal(bytesOf(written), theirs.unsignedSerialized, `type ${form.type}`)
    }
  })

  test('of viem, with the account that is to sign', () => {
    for (const who of [account.address, { address: account.address, type: 'json-rpc' }]) {
      assert.equal(bytesOf({ ...feeMarket, account: who, type: 'eip1559' }), serializeTransaction(feeMarket))
    }
    assert.throws(
      () => read({ ...feeMarket, account: other }),
      refusal('account', 'other-signer', { given: other, needed: account.address }),
    )
  })

  test('of a node, with everything that it writes beside', () => {
    const geth = {
      ...{ blockHash: null, blockNumber: null, transactionIndex: null, from: account.address.toLowerCase() },
      ...{
        gas: '0x186a0',
        gasPrice: '0x1e',
        maxFeePerGas: '0x1e',
        maxPriorityFeePerGas: '0x2',
        hash: `0x${'22'.repeat(32)}`,
      },
      ...{ input: '0x1234AB', data: '0x1234ab', nonce: '0x7', to: to.toLowerCase(), value: '0xde0b6b3a7640000' },
      ...{ type: '0x2', accessList: [], chainId: '0x1', v: '0x0', r: '0x0', s: '0x0', yParity: '0x0' },
    }
    assert.equal(bytesOf(geth), serializeTransaction(feeMarket))
    assert.deepEqual(read(geth).leftOut, ['hash'])
    assert.equal(bytesOf({ raw: '0x02', tx: geth }), serializeTransaction(feeMarket))
    assert.throws(() => read({ ...geth, r: '0x1' }), refusal('r', 'already-signed'))
  })

  test('in the request that it came in', () => {
    const request = { jsonrpc: '2.0', id: 1, method: 'eth_sendTransaction', params: [feeMarket] }
    assert.equal(bytesOf(request), serializeTransaction(feeMarket))
    assert.equal(bytesOf([feeMarket]), serializeTransaction(feeMarket))
    assert.throws(
      () => read({ ...request, method: 'eth_sign' }),
      refusal('transaction', 'other-method', { given: 'eth_sign' }),
    )
    assert.throws(() => read([feeMarket, feeMarket]), refusal('transaction', 'is-a-list'))
  })

  test('with authorizations (EIP-7702), as viem writes them', async () => {
    const authorization = await account.signAuthorization({ contractAddress: other, chainId: 1, nonce: 3 })
    const reference = serializeTransaction({ type: 'eip7702', ...feeMarket, authorizationList: [authorization] })
    assert.equal(bytesOf({ ...feeMarket, authorizationList: [authorization] }), reference)
    assert.equal(bytesOf({ ...feeMarket, type: 'eip7702', authorizationList: [authorization] }), reference)
    assert.equal(parseTransaction(reference).authorizationList[0]?.address, other.toLowerCase())
    const plain = { chainId: 1, address: other, nonce: 3 }
    assert.ok(isAuthorizationJson(json(plain)) && !isAuthorizationJson(json(feeMarket)) && !isAuthorizationJson('{'))
    assert.deepEqual(readAuthorizationJson(json(plain)), { chainId: 1n, address: other, nonce: 3n })
  })

  test('that leaves fee and nonce to the wallet, as dapps do, gives what it says', () => {
    const { transaction, said } = read({ from: account.address, to, data: '0x1234ab', value: '0xde0b6b3a7640000' })
    assert.equal(transaction, undefined)
    assert.deepEqual([said.to, said.value, said.nonce, said.gasLimit], [to, 10n ** 18n, undefined, undefined])
    assert.deepEqual(said.data, hexToBytes('1234ab'))
  })

  test('of which two names say two things is refused; said twice alike it is not', () => {
    assert.equal(bytesOf({ ...feeMarket, gasLimit: 100_000 }), serializeTransaction(feeMarket))
    assert.throws(
      () => read({ ...feeMarket, gasLimit: 21_000 }),
      refusal('gasLimit', 'contradicts', { given: '21000', needed: 'gas' }),
    )
    assert.throws(() => read({ ...feeMarket, input: '0x' }), refusal('input', 'contradicts', { needed: 'data' }))
    assert.throws(() => read({ ...feeMarket, gasPrice: 31n }), refusal('gasPrice', 'contradicts'))
    assert.throws(() => read('{"gas":1,"gas":2}'), refusal('transaction', 'repeated-name', { given: 'gas' }))
  })

  test('with a fraction, an exponent or a number that JSON rounds is read from its text', () => {
    const value = (text: string) => json({ ...feeMarket, value: '?' }).replace('"?"', text)
    const big = '1000000000000000000001'
    assert.equal(bytesOf(value(big)), serializeTransaction({ ...feeMarket, value: BigInt(big) }))
    for (const text of ['1.5', '1e18', '-1', '"1.5"', '"ten"']) {
      assert.throws(() => read(value(text)), ContentRefused, text)
    }
  })

  test('of blobs is said not to be supported', () => {
    assert.throws(() => read({ ...feeMarket, type: '0x3' }), refusal('type', 'blobs'))
    assert.throws(() => read({ ...feeMarket, blobVersionedHashes: ['0x01'] }), refusal('blobVersionedHashes', 'blobs'))
  })
})
