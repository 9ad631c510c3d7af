import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { bytesToHex } from '@noble/hashes/utils.js'
import { ProtocolAbort } from '../../failure.ts'
import { isWithdrawn, signApproval, signWithdrawal, verifyApprovals } from '../../identity/approval.ts'
import { isJoinBound, joinBinding } from '../../identity/join.ts'
import { agreedProtocol } from '../../identity/signingProtocol.ts'
import { software, stateTerms, termsOf, verifyStatement, type Terms } from '../../identity/terms.ts'
import { decodeProposal, encodeProposal } from '../../identity/proposal.ts'
import type { PartyId } from '../../partyId.ts'
import { seats } from '../network.ts'
import { company, identityOf } from '../parties.ts'

const [one, two, three] = seats(3) as [PartyId, PartyId, PartyId]
const friends = await company(2, 3)
const { session } = friends.roster
const agreed = { threshold: 2, parties: 3 }
const keygen = { kind: 'keygen', walletName: 'Test', ...agreed, curve: 'secp256k1' } as const
const none = new Uint8Array()
const committed = new Uint8Array(32).fill(0xc0)
const termsAt = (seat: PartyId): Terms =>
  termsOf(decodeProposal(friends.proposal).proposal, friends.proposal, { session, seat }, agreed, committed)
/** Of SPEC 8.6. */
const vector = 'd5cf0f53cf8627cc48a4d9f632f2d4c7e68780e10d04a55e482adb76054b271f'

const fails = (check: RegExp, culprits: readonly number[]) => (error: unknown) => {
  assert.ok(error instanceof ProtocolAbort && error.failure.kind === 'misbehaviour', String(error))
  assert.match(`${error.failure.check}: ${error.failure.detail ?? ''}`, check)
  assert.deepEqual(error.failure.culprits, culprits)
  return true
}

describe('the hand-shake', () => {
  const check = async (said: Partial<Terms>, ours: Partial<Terms> = {}) => {
    const statement = await stateTerms({ ...termsAt(two), ...said }, identityOf(friends, two))
    await verifyStatement(statement, identityOf(friends, two).public, two, { ...termsAt(one), ...ours })
  }

  it('passes when both believe the same', () => check({}))

  const differences: [said: object, name: string][] = [
    [{ software: 'quorate 9.9.9' }, 'software version: .*there "quorate 9.9.9"'],
    [{ kind: 'sign', codeCommitment: none }, 'kind of session'],
    [{ session: new Uint8Array(16) }, 'session'],
    [{ seat: three }, 'seat'],
    [{ threshold: 3 }, 'threshold: here 2, there 3'],
    [{ parties: 4 }, 'number of parties: here 3, there 4'],
    [{ curve: 'ed25519' }, 'curve'],
    [{ walletName: 'Other' }, 'wallet name: here "Test", there "Other"'],
    [{ proposalHash: new Uint8Array(32) }, 'proposal'],
  ]
  for (const [said, name] of differences) {
    it(`stops with whose value differs: ${name.split(':')[0] ?? ''}`, async () => {
      await assert.rejects(check(said), fails(new RegExp(`^hand-shakes agree: ${name}`), [two]))
    })
  }

  it('with a name that nobody sees whole is not well formed, and its party is named', async () => {
    for (const walletName of ['Te\u200bst', `Test${'\u0301'.repeat(9)}`]) {
      await assert.rejects(check({ walletName }, { walletName }), fails(/^hand-shake is well formed/, [two]))
    }
  })

  describe('of a key of another scheme', () => {
    const publicKey = new Uint8Array(32).fill(1)
    const content = { type: 'solana-message', message: new Uint8Array(1) } as const
    const order = { kind: 'sign', scheme: 'ed25519', publicKey, content } as const
    const bytes = encodeProposal(order, session)
    const stated = termsOf(order, bytes, { session, seat: two }, agreed, none)

    it('names the scheme where ECDSA names its curve, and no way to sign by ECDSA', () => {
      assert.deepEqual([stated.curve, stated.software], ['ed25519', software])
      assert.equal(agreedProtocol([stated, stated]), 'FROST-ED25519-SHA512-v1')
      const made = { ...keygen, curve: 'taproot' } as const
      const proposed = encodeProposal(made, session)
      assert.equal(termsOf(made, proposed, { session, seat: two }, agreed, committed).curve, 'taproot')
    })

    it('stops with whoever believes that it is of ECDSA', async () => {
      const said = { ...stated, curve: 'secp256k1' } as const
      const statement = await stateTerms(said, identityOf(friends, two))
      const heard = verifyStatement(statement, identityOf(friends, two).public, two, stated)
      await assert.rejects(heard, fails(/^hand-shakes agree: curve: here "ed25519", there "secp256k1"/, [two]))
    })
  })

  describe('where members say what they are called', () => {
    const named = decodeProposal(encodeProposal({ ...keygen, names: true }, session)).proposal
    const bytes = encodeProposal(named, session)
    const said = (seat: PartyId, name?: string): Terms =>
      termsOf(named, bytes, { session, seat }, agreed, committed, name)
    const hear = async (terms: Terms) =>
      verifyStatement(
        await stateTerms(terms, identityOf(friends, two)),
        identityOf(friends, two).public,
        two,
        said(one),
      )

    it('has each name, or none, as its own party signed it', async () => {
      assert.equal((await hear(said(two, 'Ana Müller'))).name, 'Ana Müller')
      assert.equal((await hear(said(two))).name, '')
    })

    it('is not well formed with a name that nobody sees whole, or that is too long', async () => {
      for (const name of ['An\u200ba', ' Ana', '\u202eanA', 'A'.repeat(65)])
        await assert.rejects(hear(said(two, name)), fails(/^hand-shake is well formed/, [two]))
    })

    it('is another version than without names, and neither is taken for the other', async () => {
      await assert.rejects(hear({ ...said(two), name: undefined }), fails(/^hand-shake is well formed/, [two]))
      await assert.rejects(check({ name: 'Ana' }), fails(/^hand-shake is well formed/, [two]))
      const older = { ...said(two), protocol: 'quorate/2', name: undefined } as const
      await assert.rejects(
        hear(older),
        fails(/^hand-shakes agree: protocol version: here "quorate\/3", there "quorate\/2"/, [two]),
      )
    })

    it('is written as the specification says', async () => {
      const zero = { session: new Uint8Array(16), proposalHash: new Uint8Array(32), software: 'quorate 0.1.0' }
      const { terms } = await stateTerms({ ...said(two, 'Ana'), ...zero }, identityOf(friends, two))
      assert.equal(
        new TextDecoder().decode(terms),
        `{"protocol":"quorate/3","software":"quorate 0.1.0","kind":"keygen","session":"${'00'.repeat(16)}","seat":2,` +
          `"threshold":2,"parties":3,"curve":"secp256k1","walletName":"Test","proposalHash":"${'00'.repeat(32)}",` +
          `"codeCommitment":"${'c0'.repeat(32)}","name":"Ana"}`,
      )
    })
  })

  it('of another version is refused by saying so', async () => {
    const said = { protocol: 'quorate/1' as never }
    await assert.rejects(
      check(said),
      fails(/^protocol version is the same: hand-shake: here quorate\/2, there quorate\/1/, [two]),
    )
  })

  it('lets wallets be signed with while software is being updated', async () => {
    await check({ kind: 'sign', software: 'quorate 0.0.9', codeCommitment: none }, { kind: 'sign' })
    await assert.rejects(
      check({ kind: 'sign', protocol: 'quorate/1' as never, codeCommitment: none }, { kind: 'sign' }),
      ProtocolAbort,
    )
  })

  it('blames nobody for a statement that its party has not signed', async () => {
    const statement = await stateTerms(termsAt(two), identityOf(friends, three))
    const checked = verifyStatement(statement, identityOf(friends, two).public, two, termsAt(one))
    await assert.rejects(checked, fails(/hand-shake is signed by its party/, []))
  })

  it('names who signs what cannot be read', async () => {
    const bad = { ...termsAt(two), threshold: 1 }
    const statement = await stateTerms(bad, identityOf(friends, two))
    const checked = verifyStatement(statement, identityOf(friends, two).public, two, termsAt(one))
    await assert.rejects(checked, fails(/well formed/, [two]))
  })

  it('states the version of this software', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8')) as {
      version: string
    }
    assert.equal(software, `quorate ${version}`)
  })

  it('and its seat MAC are written as the specification says', async () => {
    const zero = { session: new Uint8Array(16), seat: two }
    const terms = { ...termsAt(two), ...zero, software: 'quorate 0.1.0', proposalHash: new Uint8Array(32) }
    const statement = await stateTerms(terms, identityOf(friends, two))
    assert.equal(
      new TextDecoder().decode(statement.terms),
      `{"protocol":"quorate/2","software":"quorate 0.1.0","kind":"keygen","session":"${'00'.repeat(16)}","seat":2,` +
        `"threshold":2,"parties":3,"curve":"secp256k1","walletName":"Test","proposalHash":"${'00'.repeat(32)}",` +
        `"codeCommitment":"${'c0'.repeat(32)}"}`,
    )
    const identity = { signingKey: new Uint8Array(32).fill(1), encryptionKey: new Uint8Array(32).fill(2) }
    const join = { ...zero, identity, terms: statement.terms }
    const secret = new Uint8Array(32).fill(0xa5)
    assert.equal(bytesToHex(joinBinding(secret, join)), vector)
    assert.ok(isJoinBound(joinBinding(secret, join), secret, join))
  })
})

describe('approvals and withdrawals', () => {
  it('count when every party of the roster has approved this very roster', async () => {
    const { roster } = friends
    const all = new Map<PartyId, Uint8Array>()
    for (const seat of seats(3)) all.set(seat, await signApproval(roster, seat, identityOf(friends, seat)))
    await verifyApprovals(roster, all)
    const otherRun = { ...roster, run: new Uint8Array(16) }
    await assert.rejects(verifyApprovals(otherRun, all), fails(/roster is approved by everybody/, []))
    for (const bad of [new Uint8Array(), all.get(three), await signApproval(otherRun, two, identityOf(friends, two))]) {
      const spoilt = new Map([...all, [two, bad ?? new Uint8Array()]])
      await assert.rejects(verifyApprovals(roster, spoilt), fails(/roster is approved by everybody/, []))
    }
  })

  it('do not stand for each other', async () => {
    const { roster } = friends
    const { public: identity } = identityOf(friends, two)
    const withdrawal = await signWithdrawal(roster, two, identityOf(friends, two))
    const approval = await signApproval(roster, two, identityOf(friends, two))
    assert.ok(await isWithdrawn(roster, two, withdrawal, identity))
    assert.ok(!(await isWithdrawn(roster, two, approval, identity)))
    assert.ok(!(await isWithdrawn({ ...roster, run: new Uint8Array(16) }, two, withdrawal, identity)))
    assert.ok(!(await isWithdrawn(roster, three, withdrawal, identity)))
  })
})
