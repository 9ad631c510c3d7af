import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { bytesToHex } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { parseTransaction, serializeTransaction } from 'viem'
import type { Failure } from '../../tss-wasm/failure.ts'
import { longestMessage } from '../../tss-wasm/content/longestMessage.ts'
import { longestTransaction } from '../../tss-wasm/content/transaction.ts'
import { encodeProposal } from '../../tss-wasm/identity/proposal.ts'
import { visibleName } from '../../tss-wasm/identity/walletName.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { formatAmount, parseAmount } from '../app/sign/amounts.ts'
import { failureText, technical } from '../app/ceremony/failureTexts.ts'
import { parseRoute } from '../app/route.ts'
import { en } from '../app/texts/en.ts'
import {
  parseDigest,
  parseFields,
  parseMessage,
  parsePasted,
  type FieldErrors,
  type Parsed,
  type TransactionFields,
} from '../app/sign/transactionForm.ts'
import { visibleText } from '../../tss-wasm/content/visibleText.ts'

const filled: TransactionFields = {
  chainId: '1',
  to: '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045',
  value: '1.5',
  nonce: '7',
  maxFee: '30',
  tip: '1.5',
  gas: '21000',
  data: '',
}

function errorsOf(parsed: Parsed): FieldErrors {
  assert.ok('errors' in parsed, 'expected errors')
  return parsed.errors
}

suite('amounts', () => {
  test('are exact in both directions', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1n << 100n }), fc.constantFrom(9, 18), (amount, decimals) => {
        assert.equal(parseAmount(formatAmount(amount, decimals), decimals), amount)
      }),
    )
    assert.equal(formatAmount(1n, 18), '0.000000000000000001')
    assert.equal(formatAmount(15n * 10n ** 17n, 18), '1.5')
  })

  test('are read as people and programs write them', () => {
    const cases = [
      ['.5', 500_000_000n],
      ['1 000', 1_000_000_000_000n],
      ['1\u202f234\u202f567.5', 1_234_567_500_000_000n],
      [' 2 ', 2_000_000_000n],
    ] as const
    for (const [text, amount] of cases) assert.equal(parseAmount(text, 9), amount, text)
  })

  test('are not guessed', () => {
    for (const text of [
      '',
      '.',
      '1.',
      '1,5',
      '1,000',
      '1e18',
      '-1',
      '+1',
      '0x10',
      '1 00',
      '1 0000',
      '1.0000000001',
      '١',
    ]) {
      assert.equal(parseAmount(text, 9), undefined, text)
    }
  })
})

suite('the transaction form', () => {
  test('gives the bytes that viem serializes', () => {
    const parsed = parseFields(filled, en)
    assert.ok('content' in parsed && parsed.content.type === 'ethereum-transaction')
    const expected = serializeTransaction({
      type: 'eip1559',
      chainId: 1,
      nonce: 7,
      to: '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045',
      value: 1_500_000_000_000_000_000n,
      maxFeePerGas: 30_000_000_000n,
      maxPriorityFeePerGas: 1_500_000_000n,
      gas: 21_000n,
    })
    const hex = `0x${bytesToHex(parsed.content.unsigned)}` as `0x02${string}`
    assert.equal(hex, expected)
    assert.equal(parseTransaction(hex).nonce, 7)
    assert.deepEqual(parsePasted(` ${hex.slice(0, 20)}\n${hex.slice(20)} `, filled.to, en), parsed)
  })

  test('names each field that is wrong, and none that is right', () => {
    const cases: [Partial<TransactionFields>, string[]][] = [
      [{ to: '' }, ['to']],
      [{ to: '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96046' }, ['to']],
      [{ to: 'vitalik.eth' }, ['to']],
      [{ value: '1,5', gas: '', nonce: '-1' }, ['gas', 'nonce', 'value']],
      [{ tip: '31' }, ['tip', 'transaction']],
      [{ chainId: '0' }, ['chainId', 'transaction']],
      [{ data: '0x123' }, ['data']],
      [{ nonce: '99999999999999999999999' }, ['nonce', 'transaction']],
    ]
    for (const [change, wrong] of cases) {
      assert.deepEqual(Object.keys(errorsOf(parseFields({ ...filled, ...change }, en))).sort(), wrong)
    }
  })

  test('takes JSON as other programs write it, and gives the bytes that viem serializes', () => {
    const common = { chainId: 1, nonce: 7, to: filled.to as `0x${string}`, value: 5n, gas: 21_000n } as const
    const typed = { ...common, maxFeePerGas: 30n, maxPriorityFeePerGas: 2n, accessList: [] } as const
    const legacy = { ...common, type: 'legacy', gasPrice: 30n } as const
    const json = (value: object, change: object = {}) =>
      JSON.stringify({ ...value, ...change }, (_, each: unknown) => (typeof each === 'bigint' ? `${each}` : each))
    const bytesOf = (text: string) => {
      const parsed = parsePasted(text, filled.to, en)
      return 'content' in parsed && parsed.content.type === 'ethereum-transaction'
        ? `0x${bytesToHex(parsed.content.unsigned)}`
        : JSON.stringify(parsed)
    }
    assert.equal(bytesOf(json(typed, { from: filled.to.toLowerCase(), type: '0x2' })), serializeTransaction(typed))
    assert.equal(bytesOf(json(legacy)), serializeTransaction(legacy))
    assert.equal(bytesOf(json(legacy, { type: undefined, value: '0x5' })), serializeTransaction(legacy))
    const bad: [object, RegExp][] = [
      [{ from: `0x${'11'.repeat(20)}` }, /^from \(“0x1{40}”\) is not the address that signs; .*: 0xd8dA6BF2/],
      [{ nonce: -1 }, /^nonce \(“-1”\) is too small; the least is: 0/],
      [
        { maxFeePerBlobGas: 1 },
        /^maxFeePerBlobGas is of a blob transaction \(type 3, EIP-4844\), which Quorate does not sign/,
      ],
      [{ gasPrice: 1 }, /^gasPrice \(“1”\) says something else .*: maxFeePerGas/],
      [{ gasLimit: 22_000 }, /^gasLimit \(“22000”\) says something else .*: gas\./],
      [{ value: 1e21 }, /^value \(“1e\+21”\) is no whole number; write all its digits/],
      [{ value: 0.5 }, /^value \(“0.5”\) is no whole number/],
      [{ data: '0x1', input: '0x1' }, /^The data \(“0x1”\) is not hex/],
      [{ data: '0x11', input: '0x22' }, /^input \(“0x22”\) says something else .*: data\./],
      [{ type: '0x3' }, /^type is of a blob transaction/],
      [{ type: '0x5' }, /^type \(“0x5”\) is of a type Quorate does not know/],
      [{ to: filled.to.replace('d8', 'D8') }, /^to \(“0xD8.*EIP-55/],
      [{ color: 'red' }, /^The transaction \(“color”\) is nothing that Quorate knows here/],
    ]
    for (const [change, sentence] of bad) {
      assert.match(
        errorsOf(parsePasted(json(typed, { type: 2, ...change }), filled.to, en)).transaction ?? '',
        sentence,
      )
    }
  })

  test('takes no pasted text that is not exactly an unsigned transaction', () => {
    for (const text of ['', 'hello', '0x', '0x02', '0x02c0', '0xf86c', 'https://example.org']) {
      assert.ok('transaction' in errorsOf(parsePasted(text, filled.to, en)), text)
    }
    assert.ok('message' in errorsOf(parseMessage('', 'text', en)))
    for (const text of ['', '0x', 'hello', '5d'.repeat(31), '5d'.repeat(33)]) {
      assert.ok('digest' in errorsOf(parseDigest(text, en)), text)
    }
  })
})

test('nothing in a message that is shown stays invisible', () => {
  const shown = (text: string) => visibleText(new TextEncoder().encode(text))
  assert.deepEqual(shown('grüezi 世界 👋\nline'), { text: 'grüezi 世界 👋\nline', hasHidden: false })
  for (const hidden of ['\u202e', '\u2066', '\u200b', '\ufeff', '\u0000', '\u00ad', '\u2028', '\u3164', '\u{e0041}']) {
    const { text, hasHidden } = shown(`a${hidden}b`)
    assert.ok(hasHidden && text?.startsWith('a‹U+') === true && text.endsWith('›b'), JSON.stringify(hidden))
  }
  assert.equal(visibleText(Uint8Array.of(0xff, 0xfe)).text, undefined)
})

test('every way to fail says what happened, what it means for the money, and what to do', () => {
  const [two] = [2 as PartyId]
  const failures: Failure[] = [
    { kind: 'misbehaviour', culprits: [two], check: 'mod proof' },
    { kind: 'misbehaviour', culprits: [], check: 'party has the identity that is pinned for it', detail: 'server-1' },
    { kind: 'timed-out', waitingFor: [two], round: 'seats' },
    { kind: 'timed-out', waitingFor: [], round: 'keygen 1' },
    { kind: 'peer-gave-up', peer: two, why: 'refused', detail: 'policy' },
    { kind: 'disconnected', detail: 'x' },
    { kind: 'cancelled' },
    { kind: 'engine-crashed', detail: 'x' },
    { kind: 'not-loaded', detail: 'the worker' },
    { kind: 'refused', what: 'passphrase', detail: 'wrong passphrase, or the share was tampered with' },
    { kind: 'refused', what: 'other-parties', detail: 'seat 2 is not taken by the party that holds its share' },
    { kind: 'refused', what: 'unknown', detail: 'something nobody thought of' },
  ]
  const titles = failures.map((failure) => {
    for (const kind of ['create', 'sign', 'other'] as const) {
      const text = failureText(failure, { kind, parties: () => 'server-1' }, en)
      for (const sentence of [text.title, text.what, text.money, text.now]) assert.ok(sentence.length > 5)
    }
    assert.ok(technical(failure).startsWith(failure.kind))
    return failureText(failure, { kind: 'create', parties: () => 'server-1' }, en).title
  })
  assert.equal(new Set(titles).size, titles.length)
  const declining = (['policy', 'busy', 'declined', 'epoch', 'restarted', undefined] as const).map((cause) => {
    const declined: Failure = { kind: 'peer-gave-up', peer: two, why: 'refused', ...(cause && { cause }), detail: '' }
    return failureText(declined, { kind: 'sign', parties: String }, en).what
  })
  assert.equal(new Set(declining).size, declining.length, 'whoever is busy is not said to be against it')
  const pending = failureText(
    { kind: 'disconnected', detail: '' },
    { kind: 'create', during: 'confirming', parties: String },
    en,
  )
  assert.match(pending.money, /not finished/)
  const bySigning = { kind: 'sign', parties: String } as const
  const silence: Failure = { kind: 'timed-out', waitingFor: [two], round: 'sign 9: s' }
  assert.match(failureText(silence, bySigning, en).money, /^Nothing was signed/)
  assert.match(failureText(silence, { ...bySigning, mayBeSigned: true }, en).money, /^Treat this as signed/)
})

test('routes are known or unknown, never half', () => {
  const id = '0123456789abcdef0123456789abcdef'
  assert.deepEqual(parseRoute(''), { screen: 'wallets' })
  assert.deepEqual(parseRoute('#/create'), { screen: 'create' })
  assert.deepEqual(parseRoute(`#/wallet/${id}/sign`), { screen: 'sign', walletId: id })
  for (const fragment of ['#/wallet/', `#/wallet/${id}/x`, '#/wallet/ABC', '#/nowhere']) {
    assert.deepEqual(parseRoute(fragment), { screen: 'unknown' })
  }
})

suite('what a form takes, the others take', () => {
  const publicKey = new Uint8Array(33).fill(2)
  const asked = (parsed: Parsed) => {
    assert.ok('content' in parsed, 'expected content')
    return encodeProposal({ kind: 'sign', publicKey, content: parsed.content }, new Uint8Array(16))
  }

  test('the longest message and the longest transaction, and nothing longer', () => {
    asked(parseMessage('x'.repeat(longestMessage), 'text', en))
    assert.match(errorsOf(parseMessage('x'.repeat(longestMessage + 1), 'text', en)).message ?? '', /too long/)
    const around = 100 // what a transaction has beside its data
    const enough = { ...filled, gas: '3000000' }
    asked(parseFields({ ...enough, data: 'ab'.repeat(longestTransaction - around) }, en))
    const tooLong = parseFields({ ...enough, data: 'ab'.repeat(longestTransaction) }, en)
    assert.match(errorsOf(tooLong).transaction ?? '', /too long/)
  })

  test('a wallet name, without what nobody sees of it', () => {
    for (const [typed, name] of [
      ['  Family savings ', 'Family savings'],
      ['Kasse \u{1F469}\u200D\u{1F467}', 'Kasse \u{1F469}\u{1F467}'],
      ['Shop\u200B\u202Efloor\uFEFF', 'Shopfloor'],
      ['Club\taccount\u2028two', 'Club account two'],
      ['\u200B', ''],
    ] as const) {
      assert.equal(visibleName(typed), name)
      if (name === '') continue
      encodeProposal(
        { kind: 'keygen', walletName: name, threshold: 2, parties: 3, curve: 'secp256k1' },
        new Uint8Array(16),
      )
    }
  })
})
