import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { recoverMessageAddress } from 'viem'
import type { SigningContent } from '../../content/content.ts'
import { assembleSigned, ethereumAddress } from '../../content/ethereum.ts'
import { ProtocolAbort, type Failure } from '../../failure.ts'
import { verifyCertificate } from '../../identity/certificate.ts'
import { createIdentity, type Identity } from '../../identity/identity.ts'
import {
  certificateOf,
  epochBefore,
  firstEpoch,
  signReshareApproval,
  verifyReshareApprovals,
} from '../../identity/reshareAgreement.ts'
import { decodeProposal, encodeProposal } from '../../identity/proposal.ts'
import type { ReshareProposal } from '../../identity/reshareProposal.ts'
import { sealWallet, unsealWallet, type SealedShare } from '../../keyShare/seal.ts'
import { sealPreParameters } from '../../keyShare/sealedPreParameters.ts'
import type { KeyShare } from '../../keyShare/keyShare.ts'
import type { Wallet } from '../../keyShare/wallet.ts'
import type { PartyId } from '../../partyId.ts'
import { systemRandom } from '../../random.ts'
import type { Channel } from '../../round/channel.ts'
import { systemClock } from '../../round/clock.ts'
import { committeeChannels, partiesOf, partyOf } from '../../round/committees.ts'
import { openMailbox } from '../../round/mailbox.ts'
import { reshareTable } from '../../protocols/messages.ts'
import { reshareOld } from '../../protocols/reshare.ts'
import { partyKeyOf } from '../../epoch/numbers.ts'
import { secured } from '../../identity/envelope.ts'
import { sharedArithmetic } from '../simulate.ts'
import type { PendingShare, Reshare } from '../../worker/api.ts'
import { localEngine } from '../localEngine.ts'
import { Network, seats, tampering } from '../network.ts'
import { gather, identityOf, type Company } from '../parties.ts'
import { oldShares as shares, recordedSet } from '../protocols/reshareSetting.ts'
import { aesKey, withKey } from './engines.ts'

const engine = localEngine(systemRandom, systemClock)
const content = {
  type: 'ethereum-message',
  message: new TextEncoder().encode('Pay the bearer'),
} as const satisfies SigningContent

/** One device: who it is, and the share that it holds. */
interface Device {
  readonly identity: Identity
  readonly sealedShare?: SealedShare
}

interface Plan {
  readonly threshold: number
  /** Devices by their seats in the session; new members first. */
  readonly devices: readonly Device[]
  readonly parties: number
  /** Old seat of each dealing device, by its seat in the session. */
  readonly dealers: readonly (readonly [seat: number, from: number])[]
  readonly change?: (proposal: ReshareProposal) => ReshareProposal
  /** A device that deals, and says something else in one round. */
  readonly dealer?: {
    readonly seat: number
    readonly share: KeyShare
    readonly lies: readonly [round: string, body: Uint8Array]
  }
}

interface Result {
  readonly company: Company
  readonly proposal: ReshareProposal
  readonly outcomes: readonly PromiseSettledResult<PendingShare | undefined>[]
}

async function oldWallet(identities: readonly Identity[], index: number): Promise<SealedShare> {
  const share = shares[index]
  if (share === undefined) throw new Error('there are three shares')
  const wallet: Wallet = {
    name: 'Savings',
    createdAtMs: 0,
    epoch: 0,
    seats: identities.map((identity) => identity.public),
    share,
  }
  return sealWallet(wallet, withKey, systemRandom)
}

async function reshareTogether({ threshold, devices, parties, dealers, change, dealer }: Plan): Promise<Result> {
  const creator = devices[(dealers[0]?.[0] ?? 1) - 1]
  if (creator?.sealedShare === undefined) throw new Error('the creator deals')
  const old = await engine.oldShares({ sealedShare: creator.sealedShare, opening: withKey, used: [], parties })
  const members = old.before.members.map(({ identity }, i) => ({ seat: (i + 1) as PartyId, identity }))
  const first = firstEpoch({ publicKey: old.publicKey, threshold: old.before.threshold, members })
  const honest: ReshareProposal = {
    kind: 'reshare',
    walletName: 'Savings',
    reason: 'device',
    publicKey: old.publicKey,
    number: old.number,
    parent: old.epoch,
    parentHash: first.hash,
    supersedes: [],
    threshold,
    parties,
    dealers: dealers.map(([seat, from]) => ({ seat: seat as PartyId, from: from as PartyId })),
    before: old.before,
  }
  const proposal = change?.(honest) ?? honest
  const identities = new Map(devices.map(({ identity }, i) => [(i + 1) as PartyId, identity]))
  const gathered = gather(identities, threshold, proposal)
  const company = { ...gathered, roster: { ...gathered.roster, creator: (dealers[0]?.[0] ?? 1) as PartyId } }
  const network = new Network(seats(devices.length))
  const outcomes = await Promise.allSettled(
    devices.map(async ({ identity, sealedShare }, i) => {
      const me = (i + 1) as PartyId
      const deals = dealers.some(([seat]) => seat === me)
      const dealing = deals && sealedShare && { sealedShare, opening: withKey }
      const receiving = me <= parties && {
        walletName: 'Savings',
        createdAtMs: 5,
        preParameters: await sealPreParameters(recordedSet(i), aesKey, systemRandom),
        preParametersKey: aesKey,
        sealing: withKey,
      }
      const request: Reshare = {
        me,
        identity,
        roster: company.roster,
        deadlineMs: 60_000,
        proposal: company.proposal,
        ...(dealing && { dealing }),
        ...(receiving && { receiving }),
      }
      if (dealer?.seat === me) {
        await lyingDealer(network.channel(me), company, { proposal, ...dealer })
        return undefined
      }
      let kept: PendingShare | undefined
      const keep = (pending: PendingShare) => {
        kept = pending
        return Promise.resolve()
      }
      await engine
        .reshare(request, network.channel(me), () => undefined, keep)
        .catch((error: unknown) => {
          if (error instanceof ProtocolAbort) network.cut(error)
          throw error
        })
      return kept
    }),
  )
  return { company, proposal, outcomes }
}

/** A dealer of our own making, between whose mailbox and envelopes one message is exchanged. */
async function lyingDealer(
  below: Channel,
  company: Company,
  { proposal, seat, share, lies: [round, body] }: NonNullable<Plan['dealer']> & { readonly proposal: ReshareProposal },
): Promise<void> {
  const me = seat as PartyId
  const devices = { old: proposal.dealers.map((one) => one.seat), new: seats(proposal.parties) }
  const committees = partiesOf(devices)
  const id = partyOf(me, 'old')
  const peers = [...committees.old, ...committees.new].filter((party) => party !== id)
  const line = secured(below, { identity: identityOf(company, me), roster: company.roster, me })
  const changed = tampering(line, round, (message) => [{ ...message, body }])
  const channel = committeeChannels(changed, me, devices, reshareTable).get('old')
  if (channel === undefined) throw new Error('a dealer is in the old committee')
  const mail = openMailbox(channel, { me: id, peers, rounds: reshareTable, committees, deadlineMs: 60_000 })
  const keyOf = (from: PartyId) => share.parties[from - 1]?.key ?? 0n
  await reshareOld(
    { id, peers, mail, arithmetic: sharedArithmetic, random: systemRandom, stage: () => undefined },
    {
      share,
      dealers: new Map(proposal.dealers.map((one) => [partyOf(one.seat, 'old'), keyOf(one.from)])),
      receivers: new Map(devices.new.map((one) => [partyOf(one, 'new'), partyKeyOf(proposal.number, one)])),
      threshold: proposal.threshold,
    },
  )
}

function pendingOf({ outcomes }: Result): PendingShare[] {
  return outcomes.flatMap((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value === undefined ? [] : [outcome.value]
  })
}

async function certified({ company, proposal, outcomes }: Result) {
  const approvals = new Map<PartyId, Uint8Array>()
  for (const { seat } of company.roster.seats)
    approvals.set(seat, await signReshareApproval(proposal, company.roster, seat, identityOf(company, seat)))
  const agreed = await verifyReshareApprovals(proposal, company.roster, approvals)
  const reports = new Map(
    outcomes.flatMap((outcome, i) =>
      outcome.status === 'fulfilled' && outcome.value ? [[(i + 1) as PartyId, outcome.value.report] as const] : [],
    ),
  )
  return { bytes: await certificateOf(agreed, reports), approvals, reports, agreed }
}

/** Whether these shares sign as the wallet that the old ones are of. */
async function signTogether(signers: readonly (readonly [PartyId, Device])[], threshold: number, epoch: number) {
  const publicKey = shares[0]?.publicKey.toBytes(true) ?? new Uint8Array()
  const identities = new Map(signers.map(([seat, { identity }]) => [seat, identity]))
  const company = gather(identities, threshold, {
    kind: 'sign',
    publicKey,
    content,
    ...(epoch > 0 && { epoch }),
  })
  const network = new Network(signers.map(([seat]) => seat))
  const results = await Promise.all(
    signers.map(async ([me, { identity, sealedShare }]) => {
      if (sealedShare === undefined) throw new Error('a signer has a share')
      const seating = { me, identity, roster: company.roster, deadlineMs: 60_000 }
      return engine
        .sign({ ...seating, sealedShare, sealing: withKey, content }, network.channel(me), () => undefined)
        .catch((error: unknown) => {
          network.cut(new ProtocolAbort({ kind: 'cancelled' }))
          throw error
        })
    }),
  )
  const [signature] = results[0]?.signatures ?? []
  if (signature === undefined) throw new Error('there is no signature')
  const signer = await recoverMessageAddress({
    message: 'Pay the bearer',
    signature: assembleSigned(content, signature) as `0x${string}`,
  })
  assert.equal(signer, ethereumAddress(publicKey))
}

function there<T>(value: T | undefined): T {
  assert.ok(value !== undefined)
  return value
}

function failure(outcome: PromiseSettledResult<unknown> | undefined): Failure {
  assert.ok(outcome?.status === 'rejected', 'it has failed')
  assert.ok(outcome.reason instanceof ProtocolAbort, String(outcome.reason))
  return outcome.reason.failure
}

describe('resharing between devices, each on one line', () => {
  let identities: readonly Identity[]
  let devices: readonly Device[]
  let fresh: Device
  let replaced: Result
  before(async () => {
    identities = await Promise.all([1, 2, 3, 4, 5].map(() => createIdentity()))
    const three = identities.slice(0, 3)
    devices = await Promise.all(
      three.map(async (identity, i) => ({ identity, sealedShare: await oldWallet(three, i) })),
    )
    fresh = { identity: there(identities[3]) }
    const [one, , three_] = devices as [Device, Device, Device]
    replaced = await reshareTogether({
      threshold: 2,
      devices: [one, fresh, three_],
      parties: 3,
      dealers: [
        [1, 1],
        [3, 3],
      ],
    })
  })

  function held(result: Result, of: readonly Device[]): (readonly [PartyId, Device])[] {
    return pendingOf(result).map(({ sealedShare }, i) => {
      const { identity } = there(of[i])
      return [(i + 1) as PartyId, { identity, sealedShare }] as const
    })
  }

  it('replaces the device of one: any two of the three sign, under the same address', async () => {
    const members = held(replaced, [there(devices[0]), fresh, there(devices[2])])
    assert.equal(members.length, 3)
    for (const pair of [
      [0, 1],
      [1, 2],
      [0, 2],
    ])
      await signTogether(
        pair.map((i) => there(members[i])),
        2,
        1,
      )
  })

  it('seals the new shares under the number of the attempt, with the identities of its members', async () => {
    const [, second] = pendingOf(replaced)
    const wallet = await unsealWallet(there(second).sealedShare, withKey)
    assert.equal(wallet.epoch, 1)
    assert.deepEqual(wallet.seats[1], fresh.identity.public)
    assert.equal(wallet.share.parties[1]?.key, 65538n)
  })

  it('ends in a certificate that a member of the old epoch believes, and that begins the new one', async () => {
    const { bytes } = await certified(replaced)
    assert.ok(bytes)
    const { begins } = await verifyCertificate(bytes, epochBefore(replaced.proposal))
    assert.equal(begins.number, 1)
    assert.equal(begins.threshold, 2)
    assert.deepEqual(begins.members[1]?.identity, fresh.identity.public)
  })

  it('has no certificate while one report is missing, or is of somebody else', async () => {
    const { agreed, reports } = await certified(replaced)
    const [one, two] = [1, 2] as PartyId[] as [PartyId, PartyId]
    assert.equal(await certificateOf(agreed, new Map([...reports].filter(([seat]) => seat !== two))), undefined)
    const swapped = new Map([...reports, [two, reports.get(one) ?? new Uint8Array()]])
    assert.equal(await certificateOf(agreed, swapped), undefined)
  })

  it('has no handover without the word of every device that deals', async () => {
    const { approvals } = await certified(replaced)
    const three = 3 as PartyId
    const lacking = new Map([...approvals, [three, (approvals.get(three) ?? new Uint8Array()).slice(0, 64)]])
    await assert.rejects(
      verifyReshareApprovals(replaced.proposal, replaced.company.roster, lacking),
      /handover is approved by every old member/,
    )
  })

  it('goes from 2 of 3 to 3 of 5, one who deals receiving nothing, and shares of the old epoch are refused then', async () => {
    const [one, two, three] = devices as [Device, Device, Device]
    const grown = await reshareTogether({
      threshold: 3,
      devices: [one, two, fresh, { identity: there(identities[4]) }, { identity: await createIdentity() }, three],
      parties: 5,
      dealers: [
        [1, 1],
        [2, 2],
        [6, 3],
      ],
    })
    const pending = pendingOf(grown)
    assert.equal(pending.length, 5)
    const members = held(
      grown,
      [one, two, fresh, { identity: there(identities[4]) }].concat({
        identity: identityOf(grown.company, 5 as PartyId),
      }),
    )
    await signTogether([members[0], members[2], members[4]] as never, 3, 1)
    await assert.rejects(
      signTogether([members[0], [2 as PartyId, two], members[2]] as never, 3, 1),
      /other|epoch|threshold/,
    )
  })

  it('names a dealer by its seat in the session, whichever of its two parties cheats', async () => {
    const [one, , three] = devices as [Device, Device, Device]
    const { outcomes } = await reshareTogether({
      threshold: 2,
      devices: [one, fresh, { identity: there(identities[4]) }, three],
      parties: 3,
      dealers: [
        [1, 1],
        [4, 3],
      ],
      // No opening at all, and the same for everybody.
      dealer: { seat: 4, share: there(shares[2]), lies: ['reshare 3: opening', new Uint8Array([255])] },
    })
    const seen = failure(outcomes[1])
    assert.ok(seen.kind === 'misbehaviour')
    assert.equal(seen.check, 'message is well formed')
    assert.deepEqual(seen.culprits, [4])
  })

  it('refuses a proposal that states other shares than the device holds', async () => {
    const { outcomes } = await reshareTogether({
      threshold: 2,
      devices: [there(devices[0]), fresh, there(devices[2])],
      parties: 3,
      dealers: [
        [1, 1],
        [3, 3],
      ],
      change(proposal) {
        const [first, second, ...rest] = proposal.before.members
        if (first === undefined || second === undefined) throw new Error('three members')
        const members = [{ ...first, paillierN: second.paillierN }, second, ...rest]
        return { ...proposal, before: { ...proposal.before, members } }
      },
    })
    for (const outcome of outcomes) {
      const seen = failure(outcome)
      assert.equal(seen.kind === 'misbehaviour' && seen.check, 'proposal to reshare states the shares of the wallet')
    }
  })

  it('is written in one way, and reads back', () => {
    const { session } = replaced.company.roster
    const bytes = encodeProposal(replaced.proposal, session)
    assert.deepEqual(decodeProposal(bytes).proposal, replaced.proposal)
  })
})
