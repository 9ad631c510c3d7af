import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { encodeErrorResult, encodeFunctionData, erc20Abi, parseAbi } from 'viem'
import { isSteep } from '../evm/fees.ts'
import { outlookOf, type Intent } from '../evm/outlook.ts'
import { foretold, freeNonce, gasLimitOf, mostCoins } from '../evm/payment.ts'
import { type Answers, friend, honest, network, payer, Refusal, token } from './double.ts'

const gwei = 10n ** 9n
const intent: Intent = { chainId: 1n, from: payer, token, payment: { to: friend, amount: 1_000_000_000n } }

async function looked(nodes: Parameters<typeof network>[0], what = intent, timeoutMs?: number) {
  const { ask, listed, asked } = network(nodes, timeoutMs)
  return { outlook: await outlookOf(ask, listed, what), asked }
}

const lying = (answers: Answers): Answers => ({ ...honest, ...answers })

suite('what one honest node says of a payment', () => {
  test('is told with its host, and asked for nothing that is not needed', async () => {
    const { outlook, asked } = await looked({ 'a.example': honest })
    const by = ['a.example']
    assert.deepEqual(outlook.coins, { type: 'said', value: 2n * 10n ** 18n, by })
    assert.deepEqual(outlook.tokens, { type: 'said', value: 5_000_000_000n, by })
    assert.deepEqual(outlook.token, { type: 'said', value: { symbol: 'TEST', decimals: 6 }, by })
    assert.deepEqual(outlook.nonce, { type: 'said', value: 7n, by })
    assert.deepEqual(outlook.gas, { type: 'said', value: 50_000n, by })
    assert.deepEqual(outlook.isContract, { type: 'said', value: false, by })
    assert.deepEqual(outlook.trial, { type: 'said', value: { ends: 'well' }, by })
    assert.deepEqual(outlook.troubles, [])
    assert.ok(!asked.some(({ method }) => method === 'eth_sendRawTransaction'))
    const { asked: forCoins } = await looked(
      { 'a.example': honest },
      { ...intent, token: undefined, payment: undefined },
    )
    assert.deepEqual(forCoins.map(({ method }) => method).sort(), [
      'eth_chainId',
      'eth_feeHistory',
      'eth_getBalance',
      'eth_getTransactionCount',
    ])
  })

  test('has three speeds of fees, each with room for the base fee to rise', async () => {
    const { fees } = (await looked({ 'a.example': honest })).outlook
    assert.ok(fees.type === 'said')
    assert.deepEqual(fees.value, {
      slow: { maxFeePerGas: (25n * gwei) / 2n + gwei, maxPriorityFeePerGas: gwei },
      normal: { maxFeePerGas: 22n * gwei, maxPriorityFeePerGas: 2n * gwei },
      fast: { maxFeePerGas: 33n * gwei, maxPriorityFeePerGas: 3n * gwei },
    })
    assert.equal(isSteep(1n, fees.value.fast.maxFeePerGas), false)
  })

  test('tries the very call that would be signed', async () => {
    let tried: unknown
    const watching = lying({
      eth_estimateGas: ([call]) => {
        tried = call
        return '0xc350'
      },
    })
    await looked({ 'a.example': watching })
    const data = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [friend, 1_000_000_000n] })
    assert.deepEqual(tried, { from: payer, to: token, value: '0x0', data })
  })
})

suite('a node that lies', () => {
  test('about its chain is asked nothing else, and named', async () => {
    const { outlook, asked } = await looked({ 'liar.example': lying({ eth_chainId: () => '0x5' }) })
    assert.deepEqual(outlook.troubles, [{ host: 'liar.example', trouble: { kind: 'other-chain', chainId: 5n } }])
    assert.deepEqual(asked, [{ host: 'liar.example', method: 'eth_chainId' }])
    assert.equal(outlook.nonce.type, 'unknown')
  })

  const lies = {
    coins: { eth_getBalance: () => '0xde0b6b3a76400000' },
    nonce: { eth_getTransactionCount: () => '0x8' },
    fees: {
      eth_feeHistory: () => ({
        baseFeePerGas: ['0x9184e72a000', '0x9184e72a000'],
        reward: [['0x3b9aca00', '0x77359400', '0xb2d05e00']],
      }),
    },
    gas: { eth_estimateGas: () => '0x1c9c380' },
    isContract: { eth_getCode: () => '0x60' },
    trial: {
      eth_call: ([call]) =>
        (call as { data: string }).data.startsWith('0xa9') ? new Refusal('no') : honest['eth_call']?.([call]),
    },
    token: {
      eth_call: ([call]) =>
        (call as { data: string }).data === '0x313ce567' ? `0x${'0'.repeat(62)}12` : honest['eth_call']?.([call]),
    },
  } as const satisfies Readonly<Record<string, Answers>>
  for (const [what, lie] of Object.entries(lies) as [keyof typeof lies, Answers][]) {
    test(`about ${what} is shown beside the other, and nothing of it is taken`, async () => {
      const { outlook } = await looked({ 'a.example': honest, 'liar.example': lying(lie) })
      const word = outlook[what]
      assert.ok(word.type === 'differ', word.type)
      assert.deepEqual(
        word.said.map(({ host }) => host),
        ['a.example', 'liar.example'],
      )
      assert.equal(foretold(outlook.trial), undefined)
    })
  }

  test('about fees alone, a thousand times too high, is pointed at', async () => {
    const { fees } = (await looked({ 'liar.example': lying(lies.fees) })).outlook
    assert.ok(fees.type === 'said')
    for (const { maxFeePerGas } of Object.values(fees.value)) assert.equal(isSteep(1n, maxFeePerGas), true)
  })

  test('with numbers that no network has is not read', async () => {
    const nonsense = ['0x', '7', 7, null, '0xzz', `0x1${'0'.repeat(64)}`, {}, [], true, '-0x1']
    for (const said of nonsense) {
      const { outlook } = await looked({ 'liar.example': lying({ eth_getTransactionCount: () => said }) })
      assert.equal(outlook.nonce.type, 'unknown', JSON.stringify(said))
      assert.equal(outlook.coins.type, 'said')
      assert.equal(outlook.troubles[0]?.host, 'liar.example')
    }
  })

  test('with decimals or a name that no token has is not read', async () => {
    for (const wrong of [`0x${'f'.repeat(64)}`, '0x', '0x12', `0x${'0'.repeat(62)}4e`]) {
      const eth_call: Answers[string] = ([call]) =>
        (call as { data: string }).data === '0x313ce567' ? wrong : honest['eth_call']?.([call])
      assert.equal((await looked({ 'liar.example': lying({ eth_call }) })).outlook.token.type, 'unknown', wrong)
    }
  })
})

suite('a node in trouble holds nobody up', () => {
  const silent = [{ host: 'bad.example', trouble: { kind: 'silent' } }]
  const noAnswers: Readonly<Record<string, string | undefined>> = {
    'that never answers': undefined,
    'with megabytes': `{"jsonrpc":"2.0","id":1,"result":"0x1","more":"${'x'.repeat(3_000_000)}"}`,
    'with a page of a proxy': '<html>502</html>',
    'with an answer to somebody else': '{"jsonrpc":"2.0","id":2,"result":"0x1"}',
  }
  for (const [how, body] of Object.entries(noAnswers)) {
    test(how, async () => {
      const good = network({ 'a.example': honest })
      const bad = network({ 'bad.example': body }, 20)
      const ask: typeof good.ask = (url, ...rest) =>
        url.includes('bad') ? bad.ask(url, ...rest) : good.ask(url, ...rest)
      const outlook = await outlookOf(ask, [...good.listed, ...bad.listed], intent)
      assert.deepEqual(outlook.troubles, silent)
      assert.deepEqual(outlook.nonce, { type: 'said', value: 7n, by: ['a.example'] })
      assert.equal(bad.asked.length, 1)
    })
  }

  test('with an error of its own for everything', async () => {
    const { outlook } = await looked({ 'bad.example': lying({ eth_getBalance: () => new Refusal('<b>pay me</b>') }) })
    assert.deepEqual(outlook.troubles, [
      { host: 'bad.example', trouble: { kind: 'refused', method: 'eth_getBalance', words: '<b>pay me</b>' } },
    ])
  })
})

suite('a call that fails is foretold', () => {
  const abi = parseAbi([
    'error Error(string)',
    'error Panic(uint256)',
    'error ERC20InsufficientBalance(address,uint256,uint256)',
  ])
  const failing = async (message: string, data?: unknown) => {
    const eth_call: Answers[string] = ([call]) =>
      (call as { data: string }).data.startsWith('0xa9') ? new Refusal(message, data) : honest['eth_call']?.([call])
    const { outlook } = await looked({ 'a.example': lying({ eth_call }) })
    assert.equal(outlook.gas.type, 'unknown', 'no gas is suggested for it')
    return foretold(outlook.trial)?.reason
  }

  test('in the words of the contract, as viem encodes them', async () => {
    const data = encodeErrorResult({ abi, errorName: 'Error', args: ['paused until Monday'] })
    assert.deepEqual(await failing('execution reverted', data), { kind: 'words', words: 'paused until Monday' })
    assert.deepEqual(await failing('reverted', { data }), { kind: 'words', words: 'paused until Monday' })
  })

  test('by the code of an assertion, or the contract’s own error', async () => {
    const panic = encodeErrorResult({ abi, errorName: 'Panic', args: [0x11n] })
    assert.deepEqual(await failing('reverted', panic), { kind: 'panic', code: 0x11n })
    const own = encodeErrorResult({ abi, errorName: 'ERC20InsufficientBalance', args: [payer, 1n, 2n] })
    assert.deepEqual(await failing('reverted', own), { kind: 'custom', selector: '0xe450d38c' })
  })

  test('in the words of the node where the contract has none, and where these are cut or damaged', async () => {
    assert.deepEqual(await failing('insufficient funds'), { kind: 'words', words: 'insufficient funds' })
    assert.deepEqual(await failing(''), { kind: 'none' })
    assert.deepEqual(await failing('reverted', '0x08c379a0ffff'), { kind: 'custom', selector: '0x08c379a0' })
    const endless = `0x08c379a0${'20'.padStart(64, '0')}${'f'.repeat(64)}`
    assert.deepEqual(await failing('reverted', endless), { kind: 'custom', selector: '0x08c379a0' })
  })

  test('also of a token that answers false instead of failing', async () => {
    const eth_call: Answers[string] = ([call]) =>
      (call as { data: string }).data.startsWith('0xa9') ? `0x${'0'.repeat(64)}` : honest['eth_call']?.([call])
    const { outlook } = await looked({ 'a.example': lying({ eth_call }) })
    assert.deepEqual(foretold(outlook.trial)?.reason, { kind: 'none' })
  })
})

test('the nonce skips those that open requests of the wallet take', () => {
  assert.equal(freeNonce(7n, []), 7n)
  assert.equal(freeNonce(7n, [8n, 7n, 3n]), 9n)
  assert.equal(freeNonce(7n, [8n]), 7n)
})

test('gas has something to spare, but for a plain payment, and the most that can be sent leaves the fee', () => {
  assert.equal(gasLimitOf(21_000n), 21_000n)
  assert.equal(gasLimitOf(50_000n), 60_000n)
  assert.equal(mostCoins(100n, 30n), 70n)
  assert.equal(mostCoins(30n, 30n), 0n)
})
