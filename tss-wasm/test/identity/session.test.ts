import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { longestTransaction } from '../../content/transaction.ts'
import { ProtocolAbort } from '../../failure.ts'
import { codeCommitment } from '../../identity/checkCode.ts'
import { signConfirmation, verifyAllConfirmed, verifyConfirmation } from '../../identity/confirmation.ts'
import { createIdentity, fingerprint, type Identity, sealIdentity, unsealIdentity } from '../../identity/identity.ts'
import { isJoinBound, joinBinding } from '../../identity/join.ts'
import { decodeProposal, encodeProposal, signProposal, verifyProposal, type Proposal } from '../../identity/proposal.ts'
import {
  decodeRoster,
  encodeRoster,
  signRoster,
  verifyRoster,
  type Expected,
  type Roster,
} from '../../identity/roster.ts'
import { systemRandom } from '../../random.ts'
import type { PartyId } from '../../partyId.ts'
import { seats } from '../network.ts'
import { codeNonceOf, company, identityOf, type Company } from '../parties.ts'

const [one, two, three] = seats(3) as [PartyId, PartyId, PartyId]
let friends: Company
before(async () => {
  friends = await company(2, 3)
})

function fails(check: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof ProtocolAbort && check.test(error.message)
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

describe('an identity', () => {
  it('keeps its private keys to itself unless asked otherwise', async () => {
    const { signing, encryption } = await createIdentity()
    assert.equal(signing.privateKey.extractable || encryption.privateKey.extractable, false)
  })

  it('comes back from its sealed file the same, and not extractable', async () => {
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
    const identity = await createIdentity({ extractable: true })
    const sealed = await sealIdentity(identity, key, systemRandom)
    const back = await unsealIdentity(sealed, key)
    assert.deepEqual(back.public, identity.public)
    assert.equal(back.signing.privateKey.extractable || back.encryption.privateKey.extractable, false)
    const signature = await signProposal(friends.proposal, back)
    await verifyProposal(friends.proposal, signature, identity.public, friends.roster.session)
    for (const at of [0, 20, 40, sealed.length - 1]) {
      const damaged = sealed.slice()
      damaged[at] = (damaged[at] ?? 0) ^ 1
      await assert.rejects(unsealIdentity(damaged, key), fails(/refused/))
    }
  })

  it('has a fingerprint to read aloud that tells it from others', async () => {
    const [a, b] = [await createIdentity(), await createIdentity()]
    assert.match(fingerprint(a.public), /^[0-9A-HJKMNP-TV-Z]{4}( [0-9A-HJKMNP-TV-Z]{4}){5}$/)
    assert.notEqual(fingerprint(a.public), fingerprint(b.public))
    assert.notEqual(fingerprint(a.public), fingerprint({ ...a.public, encryptionKey: b.public.encryptionKey }))
  })
})

describe('a proposal', () => {
  const head = { protocol: 'quorate/2', session: '07'.repeat(16) }
  const keygen = {
    ...head,
    kind: 'keygen',
    walletName: 'Savings',
    threshold: 2,
    parties: 3,
    curve: 'secp256k1',
  }

  const session = new Uint8Array(16).fill(7)
  const domain = { kind: 'application', name: 'MPC-WALLET-v1', chainId: '1' }
  const byScheme = {
    ...head,
    kind: 'sign',
    scheme: 'ed25519',
    publicKey: '02'.repeat(32),
    content: { type: 'solana-message', message: '01' },
  }

  it('says the same after encoding', () => {
    const proposals: Proposal[] = [
      { kind: 'keygen', walletName: 'Ersparnisse für 東京 👛', threshold: 2, parties: 3, curve: 'secp256k1' },
      { kind: 'sign', publicKey: systemRandom(33), content: { type: 'ethereum-message', message: new Uint8Array() } },
      {
        kind: 'sign',
        publicKey: systemRandom(33),
        content: { type: 'ethereum-transaction', unsigned: systemRandom(90) },
      },
      {
        kind: 'sign',
        publicKey: systemRandom(33),
        content: { type: 'ethereum-transaction', unsigned: systemRandom(longestTransaction) },
      },
      { kind: 'sign', publicKey: systemRandom(33), content: { type: 'raw-digest', digest: systemRandom(32) } },
    ]
    proposals.push({ kind: 'keygen', walletName: 'Club', threshold: 2, parties: 3, curve: 'secp256k1', names: true })
    const mine = { kind: 'keygen', walletName: 'Ours', threshold: 2, parties: 3 } as const
    proposals.push(
      { ...mine, curve: 'ed25519', names: true },
      { ...mine, curve: 'taproot' },
      { ...mine, curve: 'bls12381', domain: { kind: 'application', name: 'MPC-WALLET-v1', chainId: 2n ** 64n - 1n } },
      { ...mine, curve: 'bls12381', domain: { kind: 'ethereum-validator', chainId: 1n } },
      ...(
        [
          ['ed25519', 32, { type: 'solana-message', message: systemRandom(150) }],
          ['taproot', 33, { type: 'taproot-psbt', psbt: systemRandom(150) }],
          ['bls12381', 48, { type: 'validator-object', object: 'deposit', ssz: systemRandom(88) }],
          ['bls12381', 48, { type: 'application-message', message: systemRandom(1) }],
        ] as const
      ).map(([scheme, length, content]): Proposal => ({
        kind: 'sign',
        scheme,
        publicKey: systemRandom(length),
        content,
      })),
    )
    for (const proposal of proposals) {
      assert.deepEqual(decodeProposal(encodeProposal(proposal, session)), { session, proposal })
    }
  })

  const bad: [name: string, value: unknown][] = [
    ['no session', { ...keygen, session: undefined }],
    ['a threshold of one', { ...keygen, threshold: 1 }],
    ['more signers than parties', { ...keygen, threshold: 4 }],
    ['too many parties', { ...keygen, parties: 1000 }],
    ['another curve', { ...keygen, curve: 'p256' }],
    ['a BLS key without a domain', { ...keygen, curve: 'bls12381' }],
    ['a domain of a key that has none', { ...keygen, curve: 'ed25519', domain }],
    [
      'a domain with a name that cannot be written',
      { ...keygen, curve: 'bls12381', domain: { ...domain, name: 'a:1' } },
    ],
    ['a domain of chain 0', { ...keygen, curve: 'bls12381', domain: { ...domain, chainId: '0' } }],
    ['a domain whose chain is a number', { ...keygen, curve: 'bls12381', domain: { ...domain, chainId: 1 } }],
    ['a scheme that nobody knows', { ...byScheme, scheme: 'p256' }],
    ['a key of another scheme', { ...byScheme, publicKey: '02'.repeat(33) }],
    ['content for a key of another scheme', { ...byScheme, scheme: 'bls12381', publicKey: '02'.repeat(48) }],
    ['an Ethereum message for a Solana key', { ...byScheme, content: { type: 'ethereum-message', message: '' } }],
    ['a path of a key that has no children', { ...byScheme, path: [1] }],
    ['a field we do not know', { ...keygen, extra: true }],
    ['a name that reverses what follows', { ...keygen, walletName: 'safe \u202eteg' }],
    ['a name with a line break', { ...keygen, walletName: 'a\nb' }],
    ['a name with marks piled on it', { ...keygen, walletName: `Savings${'\u0301'.repeat(9)}` }],
    ['a name that begins with a mark', { ...keygen, walletName: '\u0336Savings' }],
    ['a name with a blank that is no space', { ...keygen, walletName: 'Sav\u3164ings' }],
    ['a name with a character that is not assigned', { ...keygen, walletName: 'Savings\u0378' }],
    ['a name that ends in a space', { ...keygen, walletName: 'Savings ' }],
    ['an empty name', { ...keygen, walletName: '  ' }],
    [
      'a key of the wrong length',
      { ...head, kind: 'sign', publicKey: '00', content: { type: 'ethereum-message', message: '' } },
    ],
    [
      'content of no known type',
      {
        ...head,
        kind: 'sign',
        publicKey: '02'.repeat(33),
        content: { type: 'hash', hash: '00'.repeat(32) },
      },
    ],
    [
      'a raw digest that is too short',
      {
        ...head,
        kind: 'sign',
        publicKey: '02'.repeat(33),
        content: { type: 'raw-digest', digest: '00'.repeat(31) },
      },
    ],
    ['no object', 7],
  ]
  for (const [name, value] of bad) {
    it(`is refused with ${name}`, () => {
      assert.throws(() => decodeProposal(json(value)), fails(/^proposal is /))
    })
  }

  it('is refused when too long to read, before it is parsed', () => {
    assert.throws(() => decodeProposal(new Uint8Array(300_000)), fails(/at most 262144 bytes/))
  })

  it('of another version is refused by saying so', () => {
    const older = { ...keygen, session: undefined, protocol: 'quorate/1' }
    assert.throws(
      () => decodeProposal(json(older)),
      fails(/protocol version is the same.*proposal: here quorate\/2, there quorate\/1/),
    )
    const strange = { ...keygen, protocol: '<b>' }
    assert.throws(() => decodeProposal(json(strange)), fails(/there unknown/))
  })

  it('is its creator’s and of its session, or refused', async () => {
    const creator = identityOf(friends, one)
    const here = friends.roster.session
    const signature = await signProposal(friends.proposal, creator)
    await verifyProposal(friends.proposal, signature, creator.public, here)
    await assert.rejects(
      verifyProposal(friends.proposal, signature, creator.public, systemRandom(16)),
      fails(/is of this session/),
    )
    const asRoster = await signRoster(friends.proposal, creator)
    const bad: [Uint8Array, Uint8Array, Identity][] = [
      [friends.proposal, signature, identityOf(friends, two)],
      [json(keygen), signature, creator],
      [friends.proposal, asRoster, creator],
    ]
    for (const [bytes, spoilt, { public: by }] of bad)
      await assert.rejects(verifyProposal(bytes, spoilt, by, here), fails(/signed by the creator/))
  })
})

describe('a roster', () => {
  const expectedBy = (me: PartyId): Expected => ({
    session: friends.roster.session,
    proposal: friends.proposal,
    creator: identityOf(friends, one).public,
    me,
    identity: identityOf(friends, me).public,
    codeCommitment: codeCommitment(friends.roster.session, me, codeNonceOf(me)),
  })

  it('is accepted by everybody in it', async () => {
    const bytes = encodeRoster(friends.roster)
    const signature = await signRoster(bytes, identityOf(friends, one))
    for (const me of seats(3)) assert.deepEqual(await verifyRoster(bytes, signature, expectedBy(me)), friends.roster)
  })

  it('is refused if it is not what a party agreed to', async () => {
    const stranger = await createIdentity()
    const { roster } = friends
    const withoutCommitments = roster.seats.map(({ seat, identity }) => ({ seat, identity }))
    const changes: [Partial<Roster>, RegExp][] = [
      [{ session: systemRandom(16) }, /this session/],
      [{ threshold: 3 }, /threshold/],
      [{ kind: 'sign', seats: withoutCommitments }, /kind of session/],
      [{ protocol: 'quorate/1', seats: withoutCommitments }, /protocol version is the same/],
      [{ seats: roster.seats.map((s) => ({ ...s, codeCommitment: systemRandom(32) })) }, /our commitment/],
      [{ proposalHash: systemRandom(32) }, /proposal that was agreed/],
      [{ seats: roster.seats.slice(0, 2) }, /as many seats/],
      [{ creator: three }, /creator their own identity/],
      [{ seats: roster.seats.map((s) => (s.seat === two ? { ...s, identity: stranger.public } : s)) }, /our identity/],
    ]
    for (const [change, check] of changes) {
      const bytes = encodeRoster({ ...roster, ...change })
      const signature = await signRoster(bytes, identityOf(friends, one))
      await assert.rejects(verifyRoster(bytes, signature, expectedBy(two)), fails(check))
    }
  })

  it('has a name for each seat, or none, as its version says', () => {
    const { roster } = friends
    const named = (name?: string) => roster.seats.map((each) => ({ ...each, ...(name !== undefined && { name }) }))
    assert.deepEqual(
      decodeRoster(encodeRoster({ ...roster, protocol: 'quorate/3', seats: named('Ana') })).seats,
      named('Ana'),
    )
    const bad: Partial<Roster>[] = [
      { protocol: 'quorate/3' },
      { protocol: 'quorate/3', seats: named('An\u200ba') },
      { seats: named('Ana') },
    ]
    for (const change of bad)
      assert.throws(() => encodeRoster({ ...roster, ...change }), fails(/roster is well formed/))
  })

  it('is refused if anybody but the creator signed it', async () => {
    const bytes = encodeRoster(friends.roster)
    const signature = await signRoster(bytes, identityOf(friends, three))
    await assert.rejects(verifyRoster(bytes, signature, expectedBy(two)), fails(/signed by the creator/))
  })

  it('has each seat and each key once', () => {
    const { roster } = friends
    const [first, second, third] = roster.seats
    assert.ok(first && second && third)
    const bad: Roster['seats'][] = [
      [first, third, second],
      [first, second, { ...third, seat: two }],
      [first, second, { ...third, identity: first.identity }],
      [first, second, { ...third, seat: 4 as PartyId }],
      [first],
    ]
    for (const seats of bad) assert.throws(() => encodeRoster({ ...roster, seats }), fails(/^roster is well formed/))
    const noHex = new TextDecoder().decode(encodeRoster(roster)).replace(/"signingKey":"../, '"signingKey":"zz')
    assert.throws(
      () => decodeRoster(new TextEncoder().encode(noHex)),
      fails(/^roster is well formed \(seats.*signingKey/),
    )
    assert.throws(
      () => decodeRoster(json({ ...JSON.parse(new TextDecoder().decode(encodeRoster(roster))), x: 1 })),
      fails(/roster/),
    )
  })
})

describe('a join', () => {
  it('is bound to the seat, the session, the identity and the terms', () => {
    const seatSecret = systemRandom(32)
    const join = {
      session: friends.roster.session,
      seat: two,
      identity: identityOf(friends, two).public,
      terms: friends.proposal,
    }
    const binding = joinBinding(seatSecret, join)
    assert.ok(isJoinBound(binding, seatSecret, join))
    const others = [
      { ...join, session: systemRandom(16) },
      { ...join, seat: three },
      { ...join, identity: identityOf(friends, three).public },
      { ...join, terms: systemRandom(10) },
    ]
    for (const other of others) assert.equal(isJoinBound(binding, seatSecret, other), false)
    assert.equal(isJoinBound(binding, systemRandom(32), join), false)
  })
})

describe('confirmations', () => {
  const publicKey = systemRandom(33)
  const transcriptHash = systemRandom(32)
  const confirmed = (seat: PartyId, change = {}): Promise<Uint8Array> =>
    signConfirmation({ seat, result: publicKey, transcriptHash, ...change }, friends.roster, identityOf(friends, seat))

  it('from everybody, of one result, activate', async () => {
    const all = new Map<PartyId, Uint8Array>()
    for (const seat of seats(3)) all.set(seat, await confirmed(seat))
    assert.deepEqual((await verifyAllConfirmed(all, friends.roster, one)).result, publicKey)
  })

  it('do not if one is missing, of another key, transcript, run or party', async () => {
    const otherRun = { ...friends.roster, run: systemRandom(16) }
    const bad: [Uint8Array, RegExp][] = [
      [new Uint8Array(), /confirmation is signed by its party \(party 2\)/],
      [await confirmed(two, { result: systemRandom(33) }), /same result failed for party 2/],
      [await confirmed(two, { transcriptHash: systemRandom(32) }), /received the same broadcasts \(we and party 2\)/],
      [await confirmed(three), /signed by its party \(party 2\)/],
      [
        await signConfirmation({ seat: two, result: publicKey, transcriptHash }, otherRun, identityOf(friends, two)),
        /signed by its party \(party 2\)/,
      ],
    ]
    for (const [spoilt, check] of bad) {
      const all = new Map([
        [one, await confirmed(one)],
        [two, spoilt],
        [three, await confirmed(three)],
      ])
      await assert.rejects(verifyAllConfirmed(all, friends.roster, one), fails(check))
    }
  })

  it('are refused after any change', async () => {
    const honest = await confirmed(two)
    for (let at = 0; at < honest.length; at += 1) {
      const changed = honest.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      await assert.rejects(verifyConfirmation(changed, friends.roster, two), fails(/party 2/))
    }
  })
})
