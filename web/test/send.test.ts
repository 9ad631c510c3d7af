import assert from 'node:assert/strict'
import { beforeEach, suite, test } from 'node:test'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { decodeFunctionData, erc20Abi, toHex } from 'viem'
import { outlookOf, type Outlook } from '../../chain/evm/outlook.ts'
import { type Answers, friend, honest, network, payer, token } from '../../chain/test/double.ts'
import { ethereumAddress } from '../../tss-wasm/content/ethereum.ts'
import { decodeTransaction, encodeTransaction, type EthereumTransaction } from '../../tss-wasm/content/transaction.ts'
import { en } from '../app/texts/en.ts'
import { openNonces } from '../app/send/openNonces.ts'
import { composed, emptySend, mostOf, paymentOf, suggestionOf, type SendDraft } from '../app/send/sendForm.ts'
import { readChain } from '../platform/browser/chain.ts'
import { addTold, namedToken, useChain } from '../state/chain.ts'

const usdc = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
const draft: SendDraft = { ...emptySend('1'), to: friend, amount: '1.5' }
const paying = { ...draft, asset: usdc, amount: '1 000' }

async function outlook(nodes: Readonly<Record<string, Answers>>, of = draft): Promise<Outlook> {
  const { ask, listed } = network(nodes)
  const contract = of.asset === '' ? undefined : of.asset
  const named = contract === undefined ? undefined : namedToken(1n, contract)
  return outlookOf(ask, listed, { chainId: 1n, from: payer, token: contract, payment: paymentOf(of, named) })
}

/** What would be signed. */
async function made(nodes: Readonly<Record<string, Answers>>, of = draft): Promise<EthereumTransaction> {
  const named = of.asset === '' ? undefined : namedToken(1n, of.asset)
  const parsed = composed(of, suggestionOf(await outlook(nodes, of), of.speed, []), named, en)
  if ('errors' in parsed || parsed.content.type !== 'ethereum-transaction') throw new Error(JSON.stringify(parsed))
  return decodeTransaction(parsed.content.unsigned)
}

beforeEach(() => {
  useChain.setState({ nodes: [], tokens: [], told: [] })
})

suite('a payment by intention', () => {
  test('of the coin takes nonce, fees and gas as the nodes suggest them', async () => {
    const { nonce, gasLimit, maxFeePerGas, to, value, data } = await made({
      'a.example': { ...honest, eth_estimateGas: () => '0x5208' },
    })
    assert.deepEqual(
      [nonce, gasLimit, maxFeePerGas, to, value],
      [7n, 21_000n, 22n * 10n ** 9n, friend, 15n * 10n ** 17n],
    )
    assert.equal(data.length, 0)
  })

  test('of a token is a call of its contract, as viem reads it, with nothing sent along', async () => {
    const { to, value, data, gasLimit } = await made({ 'a.example': honest }, paying)
    assert.deepEqual([to, value, gasLimit], [usdc, 0n, 60_000n])
    const { functionName, args } = decodeFunctionData({ abi: erc20Abi, data: toHex(data) })
    assert.deepEqual([functionName, args], ['transfer', [friend, 1_000_000_000n]])
  })

  test('counts a known token in its own unit, whatever a node says of it', async () => {
    const lie: Answers = {
      ...honest,
      eth_call: ([call]) =>
        (call as { data: string }).data === '0x313ce567' ? `0x${'0'.repeat(63)}0` : honest['eth_call']?.([call]),
    }
    const said = await outlook({ 'liar.example': lie }, paying)
    assert.ok(said.token.type === 'said')
    addTold({ chainId: 1n, address: usdc, ...said.token.value, by: { host: 'liar.example' } })
    assert.deepEqual([namedToken(1n, usdc)?.decimals, namedToken(1n, usdc)?.by], [6, 'app'])
    const { data } = await made({ 'liar.example': lie }, paying)
    assert.deepEqual(decodeFunctionData({ abi: erc20Abi, data: toHex(data) }).args, [friend, 1_000_000_000n])
  })

  test('asks for what nodes disagree about, and takes what was typed over every suggestion', async () => {
    const nodes = { 'a.example': honest, 'liar.example': { ...honest, eth_getTransactionCount: () => '0xff' } }
    const suggestion = suggestionOf(await outlook(nodes), 'normal', [])
    assert.equal(suggestion.nonce, '')
    const parsed = composed(draft, suggestion, undefined, en)
    assert.deepEqual('errors' in parsed && Object.keys(parsed.errors), ['nonce'])
    assert.equal((await made(nodes, { ...draft, own: { nonce: '12' } })).nonce, 12n)
  })

  test('without any node asks for all of it by hand', () => {
    const parsed = composed(draft, suggestionOf(undefined, 'normal', []), undefined, en)
    assert.deepEqual('errors' in parsed && Object.keys(parsed.errors).sort(), ['gas', 'maxFee', 'nonce', 'tip'])
  })

  test('says what is wrong beside the field where it is', async () => {
    const suggestion = suggestionOf(await outlook({ 'a.example': honest }), 'normal', [])
    const wrong = (change: Partial<SendDraft>, of = draft) => {
      const changed = { ...of, ...change }
      const named = changed.asset.startsWith('0x') ? namedToken(1n, changed.asset) : undefined
      const parsed = composed(changed, suggestion, named, en)
      return 'errors' in parsed ? Object.keys(parsed.errors).sort() : []
    }
    assert.deepEqual(wrong({ to: '' }), ['to'])
    assert.deepEqual(wrong({ to: 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4' }), ['to'])
    assert.deepEqual(wrong({ to: friend.slice(0, -1) }, paying), ['to'])
    assert.deepEqual(wrong({ amount: '1,5' }), ['amount'])
    assert.deepEqual(wrong({ amount: '0.0000001' }, paying), ['amount'])
    assert.deepEqual(wrong({ amount: '' }, paying), ['amount'])
    assert.deepEqual(wrong({ amount: '9'.repeat(78) }, paying), ['amount'])
    assert.deepEqual(wrong({ asset: 'other', contract: 'nonsense' }), ['contract'])
    assert.deepEqual(wrong({ asset: 'other', contract: token }), ['contract'], 'nobody says its unit')
    assert.deepEqual(wrong({ to: '', amount: '' }, paying), ['amount', 'to'])
  })

  test('of everything leaves the fee of the coin, and takes all of a token', async () => {
    const all = await outlook({ 'a.example': honest }, { ...draft, to: '', amount: '' })
    const suggestion = suggestionOf(all, 'normal', [])
    assert.equal(mostOf(all, draft, suggestion, undefined), '1.999538') // 2 ETH less 21000 gas at 22 gwei
    const tokens = await outlook({ 'a.example': honest }, paying)
    assert.equal(mostOf(tokens, paying, suggestion, namedToken(1n, usdc)), '5000')
    const apart = await outlook({ 'a.example': honest, 'b.example': { ...honest, eth_getBalance: () => '0x1' } })
    assert.equal(mostOf(apart, draft, suggestion, undefined), undefined)
  })

  test('counts the nonces of the wallet’s open requests, of this network and address', () => {
    const publicKey = secp256k1.getPublicKey(new Uint8Array(32).fill(7))
    const order = (chainId: bigint, nonce: bigint, path: readonly number[] = []) => {
      const fees = { maxPriorityFeePerGas: 1n, maxFeePerGas: 1n, gasLimit: 21_000n, accessList: [] }
      const fields = { chainId, nonce, to: friend, value: 1n, data: new Uint8Array(), ...fees }
      return {
        publicKey,
        path,
        content: { type: 'ethereum-transaction', unsigned: encodeTransaction(fields) },
      } as const
    }
    const message = { publicKey, content: { type: 'ethereum-message', message: new Uint8Array(3) } } as const
    const orders = [order(1n, 7n), order(5n, 8n), order(1n, 9n, [0, 1]), message]
    assert.deepEqual(openNonces(orders, 1n, ethereumAddress(publicKey)), [7n])
  })
})

suite('what whoever runs the app lists', () => {
  test('is read entry by entry; what cannot be read is left out', () => {
    const entry = { chainId: '1', address: token.toLowerCase(), symbol: 'CLUB', decimals: 2 }
    const { nodes, tokens } = readChain({
      nodes: [
        { chainId: '1', url: 'https://a.example/k' },
        { chainId: 1, url: 'https://b.example' },
        { chainId: '1' },
        7,
      ],
      tokens: [
        entry,
        { ...entry, decimals: 2.5 },
        { ...entry, symbol: 'US\u202eDC' },
        { ...entry, address: '0x1' },
        null,
      ],
    })
    assert.deepEqual(nodes, [{ chainId: 1n, url: 'https://a.example/k' }])
    assert.deepEqual(tokens, [{ chainId: 1n, address: token, symbol: 'CLUB', decimals: 2 }])
    for (const nothing of [undefined, null, 'x', { nodes: {}, tokens: 'all' }])
      assert.deepEqual(readChain(nothing), { nodes: [], tokens: [] })
  })

  test('names tokens below the app’s own table, and above a node', () => {
    const listed = { chainId: 1n, address: token, symbol: 'CLUB', decimals: 2 }
    addTold({ ...listed, symbol: 'USDC', by: { host: 'liar.example' } })
    assert.deepEqual(namedToken(1n, token.toLowerCase())?.by, { host: 'liar.example' })
    useChain.setState({ tokens: [listed, { ...listed, address: usdc }] })
    assert.deepEqual(namedToken(1n, token), { ...listed, by: 'operator' })
    assert.equal(namedToken(1n, usdc)?.by, 'app')
    assert.equal(namedToken(5n, token), undefined)
  })
})
