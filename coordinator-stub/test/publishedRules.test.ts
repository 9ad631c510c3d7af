import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { allowSigning } from '../party/allow.ts'
import { encodeTransaction } from '../../tss-wasm/content/transaction.ts'
import type { SigningContent } from '../../tss-wasm/content/content.ts'
import type { SigningOrder } from '../../tss-wasm/content/signing.ts'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Spent } from '../../tss-wasm/policy/decide.ts'
import { brokenInWords } from '../../tss-wasm/policy/explain.ts'
import { foretell } from '../../tss-wasm/policy/foretell.ts'
import { dayMs, defaultPolicy, hourMs, type Policy } from '../../tss-wasm/policy/policy.ts'
import { decodePolicy } from '../../tss-wasm/policy/policyFile.ts'
import {
  checkRules,
  decodeRules,
  encodeRules,
  mostSpent,
  type PublishedRules,
  spentToTell,
} from '../../tss-wasm/policy/published.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import { openNotice, sealNotice } from '../../tss-wasm/requests/entry.ts'
import { makeMailboxKey, openMailboxKey } from '../../tss-wasm/requests/mailbox.ts'
import { createdMs as nowMs, members, type Members, publicKey } from '../../tss-wasm/test/requests/members.ts'

const by = '0000 0000 0000 0000 0000 0000'
const [me, server] = [1 as PartyId, 2 as PartyId]
const ether = 10n ** 18n
const friend = '0x000000000000000000000000000000000000dEaD'
const policy = decodePolicy(
  JSON.stringify({
    version: 1,
    createWalletsFor: [],
    messages: false,
    mostSignaturesPerHour: 3,
    chains: [{ chainId: 1, destinations: [friend], mostPerDay: (1n * ether).toString() }],
    bitcoin: { destinations: 'any', mostPerTransaction: '1000' },
  }),
)
const rules = (changes: Partial<PublishedRules> = {}): PublishedRules => ({
  ...{ publicKey, epoch: 0, seat: server, madeMs: nowMs, policy, spent: [] },
  ...changes,
})

let who: Members

before(async () => {
  who = await members()
})

const sealedBy = (by: number, bytes = encodeRules(rules()), seat = server) =>
  sealNotice(bytes, seat, { mailbox: who.mailbox, identity: who.identity(by), random: systemRandom })
const times = (changes = {}) => ({ nowMs, newestMs: 0, ...changes })

describe('the rules that a member tells', () => {
  it('are read by the others as it decides by them, but for whom it makes wallets for', async () => {
    const spent = [{ atMs: nowMs, chainId: 1, amount: 7n }]
    const entry = await sealedBy(server, encodeRules(rules({ spent })))
    const read = decodeRules(await openNotice(entry, server, who.mailbox, who.membership))
    checkRules(read, who.membership, server, times())
    assert.deepEqual(read, rules({ spent, policy: { ...policy, createWalletsFor: 'anybody' } }))
  })

  it('are not those that somebody else has signed, a member or a stranger', async () => {
    for (const by of [1, 3]) {
      const opening = openNotice(await sealedBy(by), server, who.mailbox, who.membership)
      await assert.rejects(opening, /rules: are signed by the member that they are shown for/)
    }
    const other = await members()
    const entry = await sealNotice(encodeRules(rules()), server, {
      ...{ mailbox: other.mailbox, identity: other.identity(server), random: systemRandom },
    })
    await assert.rejects(openNotice(entry, server, who.mailbox, who.membership), /opens under the key of the mailbox/)
  })

  it('are not shown for another member, nor for another wallet or epoch of the same members', async () => {
    await assert.rejects(
      openNotice(await sealedBy(server), 3 as PartyId, who.mailbox, who.membership),
      /opens under the key of the mailbox/,
    )
    assert.throws(() => {
      checkRules(rules(), who.membership, 3 as PartyId, times())
    }, /of the member/)
    const elsewhere = { ...who.membership, publicKey: new Uint8Array(33).fill(2) }
    assert.throws(() => {
      checkRules(rules(), elsewhere, server, times())
    }, /of this wallet/)
    assert.throws(() => {
      checkRules(rules(), { ...who.membership, epoch: 1 }, server, times())
    }, /of this epoch/)
    const record = await makeMailboxKey(elsewhere, me, who.identity(1), systemRandom)
    const mailbox = await openMailboxKey(record, elsewhere, me, who.identity(1))
    await assert.rejects(openNotice(await sealedBy(server), server, mailbox, elsewhere), /opens under the key/)
  })

  it('are not older than those of before, nor of a time to come', () => {
    checkRules(rules(), who.membership, server, times({ newestMs: nowMs }))
    const newer = times({ newestMs: nowMs + 1, nowMs: nowMs + hourMs })
    assert.throws(() => {
      checkRules(rules(), who.membership, server, newer)
    }, /not older than those that were told before/)
    const early = times({ nowMs: nowMs - hourMs })
    assert.throws(() => {
      checkRules(rules(), who.membership, server, early)
    }, /of now/)
  })

  it('are read in one form only, of a bounded length, with amounts that are amounts', () => {
    const text = new TextDecoder().decode(encodeRules(rules()))
    for (const [change, wrong] of [
      [text.replace('"messages":false', '"messages": false'), /canonical/],
      [text.replace('"1000"', '"-1000"'), /policy.bitcoin/],
      [text.replace('"seat":2', '"seat":0'), /seat/],
      [text.replace('"spent":[]', `"spent":[${'0'.repeat(128 * 1024)}]`), /at most 131072 bytes/],
    ] as const) {
      assert.notEqual(change, text)
      assert.throws(() => {
        decodeRules(utf8ToBytes(change))
      }, wrong)
    }
  })

  it('tell of what was spent in a day, and of nothing where that is too much', () => {
    const charge = (atMs: number) => ({ atMs, chainId: 1, amount: 1n })
    const today = Array.from({ length: mostSpent }, () => charge(nowMs))
    assert.deepEqual(spentToTell([charge(nowMs - dayMs), ...today], nowMs), today)
    assert.equal(spentToTell([charge(nowMs), ...today], nowMs), undefined)
  })
})

describe('what is foretold', () => {
  const paying = (value: bigint, to = friend) => ({
    type: 'ethereum-transaction' as const,
    unsigned: encodeTransaction({
      ...{ chainId: 1n, nonce: 0n, maxPriorityFeePerGas: 0n, maxFeePerGas: 0n, gasLimit: 21_000n },
      ...{ to, value, data: new Uint8Array(), accessList: [] },
    }),
  })
  const contents: readonly SigningContent[] = [
    paying(ether / 2n),
    paying(ether),
    paying(2n * ether),
    paying(1n, '0x00000000000000000000000000000000000000bb'),
    { type: 'ethereum-message', message: utf8ToBytes('hello') },
    { type: 'raw-digest', digest: new Uint8Array(32) },
  ]
  const before: readonly (readonly Spent[])[] = [
    [],
    [{ atMs: nowMs - 1, chainId: 1, amount: ether / 2n }],
    [{ atMs: nowMs - dayMs, chainId: 1, amount: ether }],
    Array.from({ length: 3 }, () => ({ atMs: nowMs - 1, chainId: undefined, amount: 0n })),
  ]

  it('is what the party decides, from the words that it told', () => {
    const met = new Set<string>()
    for (const own of [policy, defaultPolicy]) {
      for (const spent of before) {
        const told = decodeRules(encodeRules(rules({ policy: own, spent })))
        for (const content of contents) {
          const foretold = foretell(told, { order: { publicKey, content }, by }, nowMs)
          assert.equal(wordsOf(foretold), decided(own, { publicKey, content }, spent))
          met.add(foretold.type)
        }
      }
    }
    assert.deepEqual([...met].sort(), ['refuses', 'signs'])
  })

  it('is that it may refuse, where it does not tell what it has signed, unless a rule stands against it anyway', () => {
    const told = rules({ spent: undefined })
    assert.deepEqual(foretell(told, { order: { publicKey, content: paying(1n) }, by }, nowMs), { type: 'unsure' })
    assert.equal(foretell(told, { order: { publicKey, content: paying(2n * ether) }, by }, nowMs).type, 'refuses')
  })

  it('names the limit first, in the coin that people know', () => {
    const spent = [{ atMs: nowMs, chainId: 1, amount: (6n * ether) / 10n }]
    const foretold = foretell({ policy, spent }, { order: { publicKey, content: paying(ether / 2n) }, by }, nowMs)
    assert.equal(wordsOf(foretold), 'above 1 ETH a day: 0.6 ETH are spent, this may cost 0.5 ETH')
  })
})

function wordsOf(foretold: ReturnType<typeof foretell>): string {
  return 'rule' in foretold ? brokenInWords(foretold.rule) : foretold.type
}

function decided(own: Policy, order: SigningOrder, spent: readonly Spent[]): string {
  try {
    allowSigning(own, { order, by }, spent, nowMs)
    return 'signs'
  } catch (error) {
    if (error instanceof ProtocolAbort && error.failure.kind === 'refused') return error.failure.detail
    throw error
  }
}
