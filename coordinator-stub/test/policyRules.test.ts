import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { encodeFunctionData, erc20Abi, maxUint256 } from 'viem'
import type { SigningContent } from '../../tss-wasm/content/content.ts'
import { encodeTransaction, type EthereumTransaction } from '../../tss-wasm/content/transaction.ts'
import { type AskedAsRequest, decide, justAsked, type Spent } from '../../tss-wasm/policy/decide.ts'
import { brokenInWords, explainPolicy } from '../../tss-wasm/policy/explain.ts'
import { dayMs, hourMs, type Policy } from '../../tss-wasm/policy/policy.ts'
import { decodePolicy, policyFileOf, policySchema } from '../../tss-wasm/policy/policyFile.ts'
import { serialized } from '../../tss-wasm/identity/json.ts'

const publicKey = secp256k1.getPublicKey(new Uint8Array(32).fill(7))
const [ana, ben, eva] = ['1111', '2222', '3333'].map((group) => Array.from({ length: 6 }, () => group).join(' '))
const friend = '0x000000000000000000000000000000000000dEaD'
const thief = '0x00000000000000000000000000000000000000bb'
const usdc = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
const ether = 10n ** 18n
/** A Wednesday in winter, 10:30 in Zurich. */
const nowMs = Date.UTC(2026, 11, 2, 9, 30)

const file = (changes: object = {}, chain: object = {}) =>
  JSON.stringify({
    ...{ version: 1, messages: true, mostSignaturesPerHour: 9 },
    chains: [{ chainId: 1, destinations: 'any', ...chain }],
    ...changes,
  })
const policy = (...changes: Parameters<typeof file>): Policy => decodePolicy(file(...changes))

const transaction = (changes: Partial<EthereumTransaction> = {}): SigningContent => ({
  type: 'ethereum-transaction',
  unsigned: encodeTransaction({
    ...{ chainId: 1n, nonce: 0n, maxPriorityFeePerGas: 0n, maxFeePerGas: 0n, gasLimit: 100_000n },
    ...{ to: friend, value: 0n, data: new Uint8Array(), accessList: [] },
    ...changes,
  }),
})
const calling = (data: `0x${string}`, changes: Partial<EthereumTransaction> = {}) =>
  transaction({ to: usdc, data: new Uint8Array(Buffer.from(data.slice(2), 'hex')), ...changes })
const call = (functionName: 'transfer' | 'approve', to: string, units: bigint) =>
  encodeFunctionData({ abi: erc20Abi, functionName, args: [to as `0x${string}`, units] })
const message: SigningContent = { type: 'ethereum-message', message: new Uint8Array([1]) }

interface Changes {
  readonly by?: string | undefined
  readonly earlier?: readonly Spent[]
  readonly request?: AskedAsRequest
  readonly at?: number
}

/** "signs", or what else, with the rule in words. */
function answer(own: Policy, content: SigningContent, { by = ana, earlier = [], request, at = nowMs }: Changes = {}) {
  const decision = decide(own, { order: { publicKey, content }, by: by ?? '', request }, earlier, at)
  return decision.type === 'signs' ? 'signs' : `${decision.type}: ${brokenInWords(decision.rule)}`
}

describe('limits of tokens', () => {
  const tokens = [{ symbol: 'USDC', destinations: [friend], mostPerTransaction: '1000', mostPerDay: '1500.5' }]
  const own = policy({}, { tokens, destinations: [friend], mostPerTransaction: '1000000' })
  const paying = (units: bigint, to = friend) => calling(call('transfer', to, units))

  it('are in the token’s unit, of the contract that the table knows, and count what was moved before', () => {
    assert.equal(answer(own, paying(1_000_000_000n)), 'signs')
    const above = 'refuses: above 1000 USDC each: this may cost 1000.000001 USDC'
    assert.equal(answer(own, paying(1_000_000_001n)), above)
    const before = { atMs: nowMs - 1, chainId: 1, amount: 0n, token: { address: usdc, amount: 1_000_000_000n } }
    assert.equal(answer(own, paying(500_500_000n), { earlier: [before] }), 'signs')
    assert.match(
      answer(own, paying(500_500_001n), { earlier: [before] }),
      /^refuses: above 1500\.5 USDC a day: 1000 USDC/,
    )
    assert.equal(answer(own, paying(500_500_001n), { earlier: [{ ...before, atMs: nowMs - dayMs }] }), 'signs')
  })

  it('hold for whom they pay, and for whoever is allowed to take', () => {
    assert.match(answer(own, paying(1n, thief)), /^refuses: destination 0x\w+ is not allowed/)
    assert.match(answer(own, calling(call('approve', thief, 1n))), /^refuses: destination/)
    assert.equal(answer(own, calling(call('approve', friend, 1n))), 'signs')
    assert.match(answer(own, calling(call('approve', friend, maxUint256))), /^refuses: above 1000 USDC each/)
  })

  it('let no other call of that contract pass, nor one with more behind it, nor one that sends coins', () => {
    const data = call('transfer', friend, 1n)
    const taking = encodeFunctionData({ abi: erc20Abi, functionName: 'transferFrom', args: [thief, friend, 1n] })
    for (const content of [
      calling(taking),
      calling(`${data}00`),
      calling(data, { value: 1n }),
      calling('0x12345678'),
    ]) {
      assert.equal(
        answer(own, content),
        'refuses: calling the contract of USDC is allowed for plain transfers and approvals only',
      )
    }
  })

  it('leave the limits of the coin as they are: for the fee, and for every other contract', () => {
    const dear = { maxFeePerGas: 1_000n }
    assert.match(answer(own, calling(call('transfer', friend, 1n), dear)), /^refuses: above 0\.000000000001 ETH each/)
    const other = calling(call('transfer', friend, 1n), { to: friend })
    assert.match(answer(own, other), /^refuses: calling contracts with data/)
  })
})

describe('limits of members', () => {
  const members = [
    {
      fingerprint: ana,
      mostSignaturesPerHour: 2,
      limits: [{ chainId: 1, mostPerTransaction: '100', mostPerDay: '150' }],
    },
    { fingerprint: ben },
  ]
  const own = policy({ members })
  const paying = (value: bigint) => transaction({ value })
  const spent = (amount: bigint, by = ana) => ({ atMs: nowMs - 1, chainId: 1, amount, by })

  it('let nobody else ask', () => {
    assert.equal(answer(own, message, { by: eva }), 'refuses: this member may not ask')
    assert.equal(answer(own, paying(10n * ether), { by: ben }), 'signs')
    assert.equal(answer(policy(), message, { by: eva }), 'signs')
  })

  it('count what that member asked for, and nothing of the others', () => {
    assert.match(answer(own, paying(101n)), /^refuses: above 0\.0000000000000001 ETH each for whoever asks/)
    assert.equal(answer(own, paying(51n), { earlier: [spent(100n, ben)] }), 'signs')
    assert.match(
      answer(own, paying(51n), { earlier: [spent(100n)] }),
      /^refuses: above 0\.00000000000000015 ETH a day for/,
    )
    const twice = [spent(0n), spent(0n)]
    assert.equal(answer(own, message, { earlier: twice }), 'refuses: above 2 signatures an hour for whoever asks')
    assert.equal(answer(own, message, { earlier: twice, by: ben }), 'signs')
  })
})

describe('working hours', () => {
  const hours = { timeZone: 'Europe/Zurich', days: ['Fri', 'Mon', 'Wed'], from: '08:00', until: '17:30' }
  const own = policy({ hours })
  const outside = ': outside of its hours, Mon, Wed, Fri, 08:00 to 17:30 (Europe/Zurich)'

  it('are those of the place that is named, in winter and in summer', () => {
    assert.equal(answer(own, message), 'signs')
    for (const [at, expected] of [
      [Date.UTC(2026, 11, 2, 6, 59), `refuses${outside}`],
      [Date.UTC(2026, 11, 2, 7, 0), 'signs'],
      [Date.UTC(2026, 11, 2, 16, 29, 59), 'signs'],
      [Date.UTC(2026, 11, 2, 16, 30), `refuses${outside}`],
      [Date.UTC(2026, 6, 1, 6, 0), 'signs'],
      [Date.UTC(2026, 6, 1, 5, 59), `refuses${outside}`],
      [Date.UTC(2026, 11, 3, 9, 30), `refuses${outside}`],
    ] as const) {
      assert.equal(answer(own, message, { at }), expected, new Date(at).toISOString())
    }
  })

  it('are waited for by a request', () => {
    const at = nowMs + dayMs
    assert.equal(answer(own, message, { at, request: justAsked }), `waits${outside}`)
    assert.equal(answer(own, message, { at: at + dayMs, request: justAsked }), 'signs')
  })
})

describe('what is above a limit and waits', () => {
  const own = policy(
    { waitHours: 24 },
    { waitsAbove: (10n * ether).toString(), tokens: [{ symbol: 'USDC', destinations: 'any', waitsAbove: '5' }] },
  )
  const much = transaction({ value: 11n * ether })
  const rule = 'above 10 ETH, which waits 24 h as a request, and any member can object'
  const seen = (changes: Partial<AskedAsRequest> = {}) => ({
    request: { ...justAsked, seenMs: nowMs - 24 * hourMs, ...changes },
  })

  it('is not signed at once', () => {
    assert.equal(answer(own, much), `refuses: ${rule}`)
    assert.equal(answer(own, transaction({ value: 10n * ether })), 'signs')
    assert.match(answer(own, calling(call('transfer', friend, 5_000_001n))), /^refuses: above 5 USDC, which waits/)
  })

  it('waits from when the party has seen it, and for as long as is said', () => {
    assert.equal(answer(own, much, { request: justAsked }), `waits: ${rule}`)
    assert.equal(answer(own, much, seen({ seenMs: nowMs - 24 * hourMs + 1 })), `waits: ${rule}`)
    assert.equal(answer(own, much, seen()), 'signs')
  })

  it('is refused once a member objects, and waits while somebody’s word is kept back', () => {
    assert.equal(answer(own, much, seen({ objections: 1 })), 'refuses: a member has objected')
    assert.equal(answer(own, much, { request: { ...justAsked, objections: 1 } }), 'refuses: a member has objected')
    assert.match(answer(own, much, seen({ withheld: 1 })), /^waits: not before all that members have said/)
    assert.equal(answer(own, transaction(), seen({ objections: 1, withheld: 1 })), 'signs')
  })

  it('is found in a batch', () => {
    const items = [transaction(), much] as never
    assert.equal(answer(own, { type: 'batch', items }, { request: justAsked }), `waits: ${rule}`)
  })
})

describe('approvals', () => {
  it('are waited for by a request, and missing at once', () => {
    const own = policy({ leastApprovals: 2 })
    assert.equal(answer(own, message), 'refuses: not before 2 members have approved')
    assert.equal(answer(own, message, { request: justAsked }), 'waits: not before 2 members have approved')
    assert.equal(answer(own, message, { request: { ...justAsked, approvals: 2 } }), 'signs')
  })

  it('of the operator are beside every other rule, and never instead of one', () => {
    const own = policy({ operatorApproves: true, messages: true })
    const approved = { request: { ...justAsked, byOperator: true } }
    assert.equal(answer(own, message), 'refuses: not before its operator has approved the request')
    assert.equal(
      answer(own, message, { request: justAsked }),
      'waits: not before its operator has approved the request',
    )
    assert.equal(answer(own, message, approved), 'signs')
    assert.match(answer(policy({ operatorApproves: true, messages: false }), message, approved), /^refuses: /)
  })
})

describe('a policy file', () => {
  it('is told to members as it is, whatever it says', () => {
    const whole = policy(
      {
        members: [{ fingerprint: ana, limits: [{ chainId: 'bitcoin', mostPerDay: '1' }] }],
        hours: { timeZone: 'Asia/Taipei', days: ['Sun'], from: '00:00', until: '24:00' },
        ...{
          waitHours: 144,
          leastApprovals: 3,
          operatorApproves: true,
          bitcoin: { destinations: 'any', waitsAbove: '7' },
        },
      },
      { tokens: [{ symbol: 'XYZ', address: thief, decimals: 2, destinations: 'any', mostPerDay: '0.05' }] },
    )
    const told: unknown = JSON.parse(new TextDecoder().decode(serialized(policyFileOf(whole))))
    assert.deepEqual(policySchema.parse(told), whole)
    const words = explainPolicy(whole).join('\n')
    for (const said of [
      `Only these members may ask: ${ana}.`,
      `Asked by ${ana}: Bitcoin: no limit for one payment, at most 0.00000001 BTC in 24 hours, fee included.`,
      'It signs Sun, 00:00 to 24:00 (Asia/Taipei).',
      'It signs only what 3 other members have approved.',
      'It signs only requests that its operator has approved.',
      'Ethereum (chain 1), plain transfers and approvals of XYZ: pays anybody; no limit for one payment, at most 0.05 XYZ in 24 hours',
      'above 0.00000007 BTC it waits 144 h, and any member can object',
    ]) {
      assert.ok(words.includes(said), `${said}\n${words}`)
    }
  })

  for (const [what, changes, chain, wrong] of [
    [
      'a token that nobody knows',
      {},
      { tokens: [{ symbol: 'XYZ', destinations: 'any' }] },
      /chains\.0\.tokens\.0 XYZ is not known on chain 1: say its address and decimals/,
    ],
    [
      'another token’s contract',
      {},
      { tokens: [{ symbol: 'DAI', address: usdc, destinations: 'any' }] },
      /0xA0b8\w+ is USDC, not DAI/,
    ],
    [
      'wrong decimals',
      {},
      { tokens: [{ symbol: 'USDC', decimals: 18, destinations: 'any' }] },
      /0xA0b8\w+ has 6 decimals, not 18/,
    ],
    [
      'a token’s amount that is too fine',
      {},
      { tokens: [{ symbol: 'USDC', destinations: 'any', mostPerDay: '1.0000001' }] },
      /1\.0000001 USDC has more than 6 digits behind the point/,
    ],
    [
      'a token twice',
      {},
      {
        tokens: [
          { symbol: 'USDC', destinations: 'any' },
          { symbol: 'usdc', destinations: 'any' },
        ],
      },
      /a token is listed twice/,
    ],
    [
      'a zone that is none',
      { hours: { timeZone: 'Mars/Olympus', days: ['Mon'], from: '08:00', until: '09:00' } },
      {},
      /hours\.timeZone "Mars\/Olympus" is not a time zone/,
    ],
    [
      'hours that end before they begin',
      { hours: { timeZone: 'UTC', days: ['Mon'], from: '09:00', until: '08:00' } },
      {},
      /hours until must be later than from/,
    ],
    [
      'a time that is none',
      { hours: { timeZone: 'UTC', days: ['Mon'], from: '24:01', until: '24:00' } },
      {},
      /hours\.from a time is/,
    ],
    [
      'a member twice',
      { members: [{ fingerprint: ana }, { fingerprint: ana }] },
      {},
      /members a member is listed twice/,
    ],
    ['a wait that is longer than requests live', { waitHours: 145 }, {}, /waitHours/],
  ] as const) {
    it(`with ${what} is refused, and the place is named`, () => {
      assert.throws(() => decodePolicy(file(changes, chain)), wrong)
    })
  }
})
