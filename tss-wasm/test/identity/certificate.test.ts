import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sha256 } from '@noble/hashes/sha2.js'
import { seededRandom } from '../../../testkit/seededRandom.ts'
import { ProtocolAbort } from '../../failure.ts'
import {
  confirmHandover,
  encodeCertificate,
  type Certificate,
  type HandoverResult,
  verifyCertificate,
  withdrawFrom,
  withdrawnBy,
} from '../../identity/certificate.ts'
import { approveHandover, decodeHandover, encodeHandover, signHandover } from '../../identity/handover.ts'
import type { Epoch, Handover } from '../../identity/handover.ts'
import { createIdentity, type Identity } from '../../identity/identity.ts'
import { signRetired, verifyRetired } from '../../identity/retired.ts'
import type { PartyId } from '../../partyId.ts'
import { seats } from '../network.ts'

const people = await Promise.all(Array.from({ length: 6 }, createIdentity))
const person = (index: number): Identity => people[index] ?? assert.fail()
const holders = (...indexes: readonly number[]) =>
  indexes.map((index, i) => ({ seat: (i + 1) as PartyId, identity: person(index).public }))
const digest = (text: string) => sha256(new TextEncoder().encode(text))
const [one, two, three] = seats(3) as [PartyId, PartyId, PartyId]

/** People 0, 1 and 2 hold a 2-of-3 key. */
const start: Epoch = {
  publicKey: Uint8Array.of(2, ...digest('key')),
  number: 0,
  hash: digest('roster'),
  threshold: 2,
  members: holders(0, 1, 2),
}
/** 0 and 2 hand it to 0, 2 and 3: person 1 has lost its device, and 3 is new. */
const handover: Handover = {
  protocol: 'quorate/2',
  kind: 'reshare',
  run: new Uint8Array(16).fill(7),
  publicKey: start.publicKey,
  number: 2,
  parent: 0,
  parentHash: start.hash,
  supersedes: [1],
  threshold: 2,
  sharesBefore: digest('before'),
  creator: three,
  old: holders(0, 1, 2).filter(({ seat }) => seat !== two),
  new: holders(0, 2, 3),
}
const result: HandoverResult = { transcriptHash: digest('transcript'), sharesAfter: digest('after') }

/** Which person is in this seat of that list, by its keys. */
function holderOf(list: Handover['old'], seat: PartyId): Identity {
  const keys = list.find((one) => one.seat === seat)?.identity
  return people.find((identity) => identity.public === keys) ?? assert.fail()
}

async function certificateOf(of: Handover, confirmed: HandoverResult = result): Promise<Certificate> {
  return {
    handover: of,
    signature: await signHandover(of, holderOf(of.old, of.creator)),
    approvals: await Promise.all(of.old.map(({ seat }) => approveHandover(of, seat, holderOf(of.old, seat)))),
    ...confirmed,
    confirmations: await Promise.all(
      of.new.map(({ seat }) => confirmHandover(of, seat, confirmed, holderOf(of.new, seat))),
    ),
  }
}

function refusal(check: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof ProtocolAbort && error.failure.kind === 'misbehaviour', String(error))
    assert.deepEqual([error.failure.check, error.failure.culprits], [check, []])
    return true
  }
}

describe('a certificate', () => {
  it('begins an epoch for whoever knows the one before, and the next follows from it', async () => {
    const bytes = encodeCertificate(await certificateOf(handover))
    const { begins, certificate } = await verifyCertificate(bytes, start)
    assert.deepEqual(certificate.handover, handover)
    assert.deepEqual(begins, {
      publicKey: start.publicKey,
      number: 2,
      hash: sha256(bytes),
      threshold: 2,
      members: handover.new,
    })
    const next: Handover = {
      ...handover,
      number: 5,
      parent: 2,
      parentHash: begins.hash,
      supersedes: [3, 4],
      threshold: 3,
      creator: one,
      old: holders(0, 2, 3),
      new: holders(0, 2, 3, 4, 5),
    }
    const after = await verifyCertificate(encodeCertificate(await certificateOf(next)), begins)
    assert.equal(after.begins.number, 5)
    assert.equal(after.begins.members.length, 5)
  })

  const other = (change: Partial<Handover>) => () => certificateOf({ ...handover, ...change })
  const spoilt = (change: (good: Certificate) => Partial<Certificate> | Promise<Partial<Certificate>>) => async () => {
    const good = await certificateOf(handover)
    return { ...good, ...(await change(good)) }
  }
  const twice = (list: readonly Uint8Array[]) => [list[0] ?? assert.fail(), ...list.slice(0, -1)]
  const refused: [what: string, make: () => Promise<Certificate>, check: string][] = [
    ['of another wallet', other({ publicKey: Uint8Array.of(3, ...digest('other key')) }), 'handover is of this wallet'],
    ['of another history', other({ parentHash: digest('another roster') }), 'handover is of this epoch'],
    ['of another epoch', other({ parent: 1, supersedes: [] }), 'handover is of this epoch'],
    [
      'by strangers in the seats of members',
      other({ old: holders(4, 1, 5).filter(({ seat }) => seat !== two) }),
      'handover has old members of this epoch in their own seats',
    ],
    [
      'by members in the seats of others',
      other({ creator: one, old: holders(1, 0) }),
      'handover has old members of this epoch in their own seats',
    ],
    [
      'that its creator did not sign',
      spoilt(async () => ({ signature: await signHandover(handover, person(1)) })),
      'handover is signed by its creator',
    ],
    [
      'that an old member did not approve',
      spoilt(({ approvals }) => ({ approvals: twice(approvals) })),
      'handover is approved by every old member',
    ],
    [
      'that a new member did not confirm',
      spoilt(({ confirmations }) => ({ confirmations: twice(confirmations) })),
      'certificate is confirmed by every new member',
    ],
    [
      'of another result than was confirmed',
      spoilt(() => ({ sharesAfter: digest('other shares') })),
      'certificate is confirmed by every new member',
    ],
    [
      'with the confirmations of another run',
      async () => {
        const run = await certificateOf({ ...handover, run: new Uint8Array(16) })
        return { ...(await certificateOf(handover)), confirmations: run.confirmations }
      },
      'certificate is confirmed by every new member',
    ],
    [
      'with withdrawals for confirmations',
      spoilt(async () => ({
        confirmations: await Promise.all(
          handover.new.map(async ({ seat }) =>
            (await withdrawFrom(handover, seat, holderOf(handover.new, seat))).subarray(34),
          ),
        ),
      })),
      'certificate is confirmed by every new member',
    ],
    [
      'with a confirmation too few',
      spoilt(({ confirmations }) => ({ confirmations: confirmations.slice(1) })),
      'certificate has one confirmation for each new member',
    ],
    [
      'with an approval too many',
      spoilt(({ approvals }) => ({ approvals: [...approvals, ...approvals] })),
      'certificate has one approval for each old member',
    ],
  ]
  for (const [what, make, check] of refused) {
    it(`${what} is refused`, async () => {
      await assert.rejects(verifyCertificate(encodeCertificate(await make()), start), refusal(check))
    })
  }

  it('by fewer old members than sign is refused', async () => {
    const bytes = encodeCertificate(await certificateOf(handover))
    const check = 'handover has as many old members as sign'
    await assert.rejects(verifyCertificate(bytes, { ...start, threshold: 3 }), refusal(check))
  })

  it('is refused when any byte is another, and in any other form', async () => {
    const bytes = encodeCertificate(await certificateOf(handover))
    const draw = seededRandom('certificate')
    for (let i = 0; i < 40; i += 1) {
      const at = new DataView(draw(4).buffer).getUint32(0) % bytes.length
      const changed = bytes.map((byte, j) => (j === at ? byte ^ 1 : byte))
      await assert.rejects(verifyCertificate(changed, start), ProtocolAbort, `byte ${at}`)
    }
    const spaced = new TextEncoder().encode(` ${new TextDecoder().decode(bytes)}`)
    await assert.rejects(verifyCertificate(spaced, start), refusal('certificate is written in canonical form'))
    const long = new Uint8Array(256 * 1024 + 1)
    await assert.rejects(verifyCertificate(long, start), refusal('certificate is well formed'))
  })
})

describe('a handover', () => {
  const refused: [string, Partial<Handover>, RegExp][] = [
    ['whose number is not above its parent', { number: 0, supersedes: [] }, /number is above its parent/],
    ['that supersedes itself', { supersedes: [2] }, /supersedes attempts between/],
    ['that supersedes its parent', { supersedes: [0] }, /supersedes attempts between/],
    ['with more signers than members', { threshold: 4 }, /threshold is at most/],
    ['with a gap among the new seats', { new: holders(0, 1, 2).slice(1) }, /seats 1 to n/],
    ['created by somebody who does not deal', { creator: two }, /creator is an old member/],
    ['with one person in two new seats', { new: holders(0, 2, 2) }, /distinct signing keys/],
  ]
  for (const [what, change, reason] of refused) {
    it(`${what} is refused`, () => {
      assert.throws(() => encodeHandover({ ...handover, ...change }), reason)
    })
  }

  it('has one form', () => {
    const text = new TextDecoder().decode(encodeHandover(handover))
    assert.throws(() => decodeHandover(new TextEncoder().encode(text.replace(':2,', ': 2,'))), /canonical/)
  })
})

describe('an abort certificate', () => {
  it('is the withdrawal of one new member from this very run', async () => {
    const abort = await withdrawFrom(handover, two, person(2))
    assert.equal(await withdrawnBy(abort, handover), two)
    assert.equal(await withdrawnBy(abort, { ...handover, run: new Uint8Array(16) }), undefined)
  })

  it('is not made by an old member, a stranger, a confirmation, or noise', async () => {
    const confirmation = await confirmHandover(handover, two, result, person(2))
    const withdrawal = await withdrawFrom(handover, two, person(2))
    const none = [
      await withdrawFrom(handover, two, person(1)),
      await withdrawFrom(handover, 4 as PartyId, person(4)),
      new Uint8Array([...withdrawal.subarray(0, 34), ...confirmation]),
      withdrawal.subarray(1),
      new Uint8Array([...withdrawal, 0]),
      withdrawal.map((byte, i) => (i === 33 ? 3 : byte)),
    ]
    for (const abort of none) assert.equal(await withdrawnBy(abort, handover), undefined)
  })
})

describe('the word that a share is retired', () => {
  const after: Epoch = { ...start, number: 2, hash: digest('certificate'), members: handover.new }

  it('holds under the certificate that ended its epoch', async () => {
    const said = await signRetired({ seat: three, backupsUntil: 1_800_000_000 }, start, after, person(2))
    assert.deepEqual(await verifyRetired(said, start, after), { seat: three, backupsUntil: 1_800_000_000 })
  })

  it('does not hold for anything else', async () => {
    const said = await signRetired({ seat: three, backupsUntil: 0 }, start, after, person(2))
    const check = 'retired is signed by a member of that epoch, under the certificate that ended it'
    const stranger = await signRetired({ seat: three, backupsUntil: 0 }, start, after, person(3))
    const changed = said.map((byte, i) => (i === 6 ? 1 : byte))
    const cases: [Uint8Array, Epoch, Epoch][] = [
      [said, start, { ...after, hash: digest('another certificate') }],
      [said, start, { ...after, number: 0 }], // before the certificate
      [said, { ...start, publicKey: Uint8Array.of(3, ...digest('other key')) }, after],
      [said, { ...start, number: 1 }, after],
      [stranger, start, after],
      [changed, start, after],
      [said.subarray(1), start, after],
      [new Uint8Array([...said, 0]), start, after],
      [new Uint8Array(), start, after],
    ]
    for (const [bytes, ended, by] of cases) await assert.rejects(verifyRetired(bytes, ended, by), refusal(check))
  })
})
