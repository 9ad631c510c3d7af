import { setTimeout as pause } from 'node:timers/promises'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Coordinator } from '../../participant/coordinator.ts'
import type { SessionPreview, SeatAccess } from '../../participant/session/sessionPreview.ts'
import { inSeat, leavingWhen } from '../../participant/session/inSeat.ts'
import type { Seat } from '../../participant/session/seat.ts'
import type { Offer } from '../../participant/session/offers.ts'
import { makeShare, type ShareToMake } from '../../participant/share/makeShare.ts'
import type { ShareUnderWay, Verdict } from '../../participant/share/pendingSession.ts'
import { settleShare } from '../../participant/share/settleShare.ts'
import { joinRun, type Signing } from '../../participant/requests/signRequest.ts'
import { type SignRun, takePartInRuns } from '../../participant/sign/signingRuns.ts'
import type { SchemeName } from '../../tss-wasm/content/keyScheme.ts'
import { type Failure, failureIn, ProtocolAbort, refused } from '../../tss-wasm/failure.ts'
import {
  isOfScheme,
  isPresign,
  isRun,
  keySchemeOf,
  type KeygenProposal,
  type SignProposal,
} from '../../tss-wasm/identity/proposal.ts'
import { type PresignedSlots, sameIdentity } from '../../tss-wasm/identity/roster.ts'
import { fingerprint, type PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import { walletIdOf } from '../../tss-wasm/keyShare/keyShare.ts'
import { onlineStage } from '../../tss-wasm/protocols/signOnline.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Asked } from '../../tss-wasm/policy/decide.ts'
import type { Signatures } from '../../tss-wasm/worker/api.ts'
import { signatureCount } from '../../tss-wasm/content/signing.ts'
import { keepEvidence } from './evidence.ts'
import { newShares } from './newShares.ts'
import { askedAs, type ReadRequest } from './requests.ts'
import type { PartyWallet } from './wallet.ts'
import type { SessionNote } from './sessionNotes.ts'
import type { Slot, SlotRequest } from './slots.ts'
import { allowSigning } from './allow.ts'
import type { Ledger } from './ledger.ts'
import { agreeByScheme, allowKeygen, schemeRun } from './schemeSessions.ts'
import { type PartyPresignatures, presignaturesOf } from './presignatures.ts'
import { presignWith } from './presigning.ts'
import type { SessionPorts } from './sessionPorts.ts'
import { agreeToReshare, partyNames, reshareShares } from './resharing.ts'

/** Before our turn: what the policy is against in any case is declined at once, so that nobody gathers people in vain. */
export async function previewEarly(ports: SessionPorts, access: SeatAccess): Promise<void> {
  const { coordinator, policy, now } = ports
  const { proposal, creator, me } = await previewOrDecline(coordinator, access)
  try {
    if (proposal.kind === 'keygen') allowKeygen(ports, proposal, creator)
    else if (proposal.kind === 'reshare') await agreeToReshare(ports, proposal, { creator, me })
    else {
      if (isRun(proposal)) throw refused('declined', 'a run of a request is offered to our identity')
      if (isPresign(proposal)) throw refused('declined', 'presignatures are made by parties that are there')
      if (isOfScheme(proposal)) {
        const wallet = await walletOf(ports, proposal, { creator, me })
        agreeByScheme(ports, proposal, { wallet, creator })([])
        return
      }
      await walletOf(ports, proposal, { creator, me })
      allowSigning(policy, { order: proposal, by: fingerprint(creator) }, [], now())
    }
  } catch (error) {
    await coordinator.decline(access, failureIn(error))
    throw error
  }
}

/** What is not signed as it must be, or does not decode, will not be later: declined, it is offered to us no more. */
async function previewOrDecline(coordinator: Coordinator, access: SeatAccess): Promise<SessionPreview> {
  try {
    return await coordinator.preview(access)
  } catch (error) {
    const failure = failureIn(error)
    if (failure.kind === 'misbehaviour') await coordinator.decline(access, failure)
    throw error
  }
}

/**
 * One session from offer to outcome. The offer is looked at before anything is said: what the policy is against is
 * declined. A failure is told to the others before it is thrown.
 * @param signal ends it at once, `closing` as soon as no run depends on us
 */
export async function takePart(
  ports: SessionPorts,
  access: Offer,
  signal: AbortSignal,
  closing: AbortSignal = signal,
): Promise<void> {
  await takePartIn(ports, access, await previewOrDecline(ports.coordinator, access), { signal, closing })
}

/**
 * As `takePart`, of a seat that is offered to our identity: in a run of a request that we have agreed to, or to make
 * presignatures, and nothing else.
 */
export async function takeRun(
  ports: SessionPorts,
  access: Offer,
  signal: AbortSignal,
  closing: AbortSignal = signal,
): Promise<void> {
  const seen = await previewOrDecline(ports.coordinator, access)
  if (seen.proposal.kind !== 'sign' || !(isRun(seen.proposal) || isPresign(seen.proposal))) {
    const failure = refused('declined', 'this party takes seats that are offered to it by its name')
    await ports.coordinator.decline(access, failure.failure)
    throw failure
  }
  await takePartIn(ports, access, seen, { signal, closing })
}

async function takePartIn(
  ports: SessionPorts,
  access: Offer,
  seen: SessionPreview,
  { signal, closing }: { readonly signal: AbortSignal; readonly closing: AbortSignal },
): Promise<void> {
  const { folder, coordinator, log } = ports
  const { identity } = folder
  const { proposal, creator, me, mySeatIsTaken } = seen
  using held = new DisposableStack()
  let wallet: PartyWallet | undefined
  let slot: Slot | undefined
  let agreed: ReadRequest | undefined
  const charge = newCharge(ports, chargedAs(seen))
  const ending = new AbortController()
  const giveUp = (failure: Failure) => {
    ending.abort(new ProtocolAbort(failure))
  }
  const slotFor = async (of: SlotRequest['of']) => {
    const request = { of, creator: bytesToHex(creator.signingKey), caller: access.caller }
    const lose = () => {
      giveUp(refused('busy', 'the party is busy; retry in a minute').failure)
    }
    // Anybody asks for new wallets; only holders of a wallet's shares for its signatures.
    const turn = AbortSignal.any([signal, closing, AbortSignal.timeout(turnWithinMs)])
    slot = of === 'new wallets' ? ports.slots.take(request, lose) : await ports.slots.wait(request, lose, turn)
    if (slot === undefined)
      throw refused(
        'busy',
        'the party takes part in as many sessions of this kind, wallet or creator as it may: ask again when one has ended, in ten minutes at the latest',
      )
    held.use(slot)
  }
  try {
    if (mySeatIsTaken) throw refused('restarted', 'the party was restarted')
    if (proposal.kind === 'keygen') {
      allowKeygen(ports, proposal, creator)
      await slotFor('new wallets')
    } else if (proposal.kind === 'reshare') {
      wallet = await agreeToReshare(ports, proposal, { creator, me })
      await slotFor(wallet ?? 'new wallets')
    } else if (isPresign(proposal)) {
      wallet = await walletOf(ports, proposal, { creator, me })
      held.use(ports.presignatures.beFilling(wallet, seen.creatorSeat))
      await slotFor(wallet)
    } else if (isOfScheme(proposal)) {
      wallet = await walletOf(ports, proposal, { creator, me })
      await slotFor(wallet)
      const by = fingerprint(creator)
      await chargeFor(ports, charge, { by, wallet }, agreeByScheme(ports, proposal, { wallet, creator }))
    } else {
      if (isRun(proposal)) {
        held.use(await ports.requests.enter(proposal.request))
        agreed = await ports.requests.ready(proposal.request, creator)
      }
      const order = isRun(proposal) ? orderIn(agreed) : proposal
      wallet = await walletOf(ports, order, { creator, me })
      await slotFor(wallet)
      const asked = agreed ? askedAs(agreed, ports.now()) : { order, by: fingerprint(creator) }
      await agreeToSign(ports, charge, asked, wallet)
    }
  } catch (error) {
    await coordinator.decline(access, failureIn(error))
    throw error
  }
  const shape = proposal.kind === 'sign' &&
    wallet && { wallet: { threshold: wallet.threshold, parties: wallet.seats.length } }
  await using taking = new AsyncDisposableStack()
  taking.use(charge)
  await using seat = await coordinator.join(seen, {
    identity,
    ...(ports.label !== undefined && { name: ports.label }),
    ...shape,
  })
  // Whatever waits in this session ends when we leave it.
  using leaving = new DisposableStack()
  for (const why of [signal, ending.signal]) leaving.use(leavingWhen(why, seat))
  using patience = startPatience(ports, seat, { giveUp, closing })
  log('joined', { session: seat.sessionId, seat: seat.me, kind: proposal.kind })
  await inSeat(seat, async () => {
    if (proposal.kind === 'keygen')
      await createWallet(ports, seat, proposal, () => {
        patience.isNotNeeded()
        slot?.keep()
      })
    else if (proposal.kind === 'reshare')
      await reshareShares(ports, seat, wallet, {
        approved: () => approvedByPeople(seat),
        onStart: () => {
          patience.isNotNeeded()
          slot?.keep()
        },
      })
    else if (wallet === undefined) throw new Error('who signs has a wallet')
    else if (isPresign(proposal)) {
      await seat.markReady()
      await presignWith(ports, wallet, { seat, proposal, roster: await seat.started() })
    } else if (isOfScheme(proposal)) {
      const enter = () => enteredRun(ports, patience)
      const leaves = () => {
        charge.stays()
      }
      const { protocol } = await signContent(seat, schemeRun(ports, proposal, { seat: seat.me, wallet, enter, leaves }))
      const requester = bytesToHex(seat.creator.signingKey)
      log('signed', { session: seat.sessionId, wallet: wallet.walletId, requester, protocol, presigned: false })
    } else {
      const part: SigningPart = { seat: seat.me, wallet, charge, patience, ...(agreed && { agreed }) }
      const sign = signingRun(ports, isRun(proposal) ? orderIn(agreed) : proposal, part)
      const signing = agreed && { ...requestPorts(ports), box: agreed.box, sign }
      const { protocol = 'unknown', presigned = false } =
        agreed && signing ? await joinRun(signing, agreed.opened, seat) : await signContent(seat, sign)
      const requester = bytesToHex(seat.creator.signingKey)
      log('signed', { session: seat.sessionId, wallet: wallet.walletId, requester, protocol, presigned })
    }
  })
}

/** So long a request waits while the party has as many signatures to do as it may. */
const turnWithinMs = 60_000

/** From the end of a run to that of its session. */
const lastWordMs = 3000

interface Patience extends Disposable {
  /** Others are waited for, from now on. */
  begins(): void
  /** A run has begun: it has deadlines of its own. */
  isNotNeeded(): void
}

interface Endings {
  /** Called, with whom we waited for, when they have been waited for long enough. */
  readonly giveUp: (failure: Failure) => void
  /** From then on nobody is waited for. */
  readonly closing: AbortSignal
}

function startPatience({ patienceMs, underWay }: SessionPorts, seat: Seat, { giveUp, closing }: Endings): Patience {
  let timer: NodeJS.Timeout | undefined
  let run: Disposable | undefined
  let awaited: readonly PartyId[] = []
  seat.watchPresence((participants) => {
    awaited = participants.flatMap(({ seat: other, state }) =>
      other !== seat.me && (state === 'invited' || state === 'joined') ? [other] : [],
    )
  })
  const wait = (ms: number, failure: () => Failure) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      giveUp(failure())
    }, ms)
    timer.unref()
  }
  const leave = () => {
    if (run === undefined) giveUp({ kind: 'cancelled' })
  }
  const patience = {
    begins() {
      // A run that went well has its last word still to be said.
      if (run !== undefined && closing.aborted) wait(lastWordMs, () => ({ kind: 'cancelled' }))
      else wait(patienceMs, () => ({ kind: 'timed-out', waitingFor: awaited, round: 'start', waitedMs: patienceMs }))
    },
    isNotNeeded() {
      clearTimeout(timer)
      run ??= underWay.enter()
    },
    [Symbol.dispose]() {
      clearTimeout(timer)
      closing.removeEventListener('abort', leave)
      run?.[Symbol.dispose]()
    },
  }
  patience.begins()
  closing.addEventListener('abort', leave)
  if (closing.aborted) leave()
  return patience
}

/** Resolves when all people of a new wallet have approved its roster. @throws ProtocolAbort when the session ends before */
async function approvedByPeople(seat: Seat): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  seat.watchPresence((participants) => {
    const people = participants.filter(({ serverParty }) => serverParty === '')
    if (people.every(({ state }) => state !== 'invited' && state !== 'joined')) resolve(undefined)
  })
  const stop = seat.ended(reject)
  await promise.finally(stop)
}

/** Our share of a new wallet, once all people have approved who makes it, and with primes that are there already. */
async function createWallet(
  ports: SessionPorts,
  seat: Seat,
  proposal: KeygenProposal,
  onStart: () => void,
): Promise<void> {
  const { folder, deadlineMs, now, log } = ports
  const { walletName } = proposal
  const { identity, masterKey } = folder
  const key = keySchemeOf(proposal)
  const names = partyNames(seat)
  await seat.checkCode() // people compare what everybody has opened, ours too
  await approvedByPeople(seat)
  const over = new AbortController()
  seat.ended((reason) => {
    over.abort(reason)
  })
  // Only now, and before anything begins: strangers who approve nothing cost no primes, and nobody waits for ours in a run.
  using reserved = new DisposableStack()
  const makes = key === undefined ? await withPrimes() : { key }
  await seat.markReady()
  const roster = await seat.started()
  onStart()
  const walletId = await makeShare(
    { shares: newShares(folder, now), startEngine: ports.startEngine, now },
    seat,
    {
      identity,
      roster,
      deadlineMs,
      walletName,
      sealing: { kind: 'key', key: masterKey },
      ...makes,
    },
    never,
  )
  await folder.nameParties(walletId, names(roster))
  log('wallet-active', { session: seat.sessionId, wallet: walletId })

  async function withPrimes(): Promise<Pick<ShareToMake, 'material'>> {
    const prepared = reserved.use(await ports.preparation.reserve(over.signal))
    return { material: async () => ({ preParameters: await prepared.take(), preParametersKey: masterKey }) }
  }
}

/** A computation ends with its seat, whose channel ends then. */
const never = new AbortController().signal

/**
 * After a restart or a failure, and then every now and then: what became of a wallet that is pending.
 * @returns whether to ask again soon
 */
export async function settleWallet(ports: SessionPorts, walletId: string): Promise<boolean> {
  const { pending, mySeat } = (await ports.folder.wallet(walletId)) ?? {}
  if (pending === undefined || mySeat === undefined) return false
  const verdict = await settle(ports, { ...pending, walletId, mySeat })
  const reason = verdict.state === 'active' ? {} : { kind: verdict.failure.kind }
  ports.log(`wallet-${verdict.state}`, { session: pending.sessionId, wallet: walletId, ...reason })
  return verdict.state === 'wait' && verdict.isLive
}

/** After a restart or a failure: others may wait for a word of ours that will never come, and are told so. */
export async function settleNote(ports: SessionPorts, { session, mySeat }: SessionNote): Promise<void> {
  const verdict = await settle(ports, { ...session, walletId: '', mySeat: mySeat as PartyId })
  if (verdict.state === 'discard') ports.log('session-withdrawn', { session: session.sessionId })
}

function settle({ folder, coordinator, now }: SessionPorts, share: ShareUnderWay): Promise<Verdict> {
  return settleShare({ coordinator, shares: newShares(folder, now), identity: folder.identity, nowMs: now() }, share)
}

/**
 * Whoever made the wallet, or new shares of it, may ask for a signature before the last confirmation has reached us: that is
 * worth a wait.
 */
async function settledWallet(
  folder: SessionPorts['folder'],
  walletId: string,
  epoch: number,
): Promise<PartyWallet | undefined> {
  for (let left = 100; ; left -= 1) {
    const wallet = await folder.wallet(walletId)
    const isBehind = wallet?.state === 'pending' || (wallet?.state === 'active' && (wallet.epochs?.number ?? 0) < epoch)
    if (!isBehind || left === 0) return wallet
    await pause(50)
  }
}

/** What a request says is to be signed. */
function orderIn(agreed: ReadRequest | undefined): SignProposal {
  if (agreed === undefined) throw refused('declined', 'this party has not agreed to that request')
  const { publicKey, epoch, path, content } = agreed.opened.request
  return { kind: 'sign', publicKey, ...(epoch && { epoch }), ...(path && { path }), content }
}

/** What limits count a signature by: the request itself, in whatever session, or the proposal, which is of one session. */
function chargedAs({ proposal, proposalBytes }: SessionPreview): string {
  return bytesToHex(proposal.kind === 'sign' && isRun(proposal) ? proposal.request : sha256(proposalBytes))
}

/** What is to be signed with: a wallet that we hold, asked for by somebody who holds another share of it. */
async function walletOf(
  { folder }: SessionPorts,
  { publicKey, epoch = 0, scheme }: Pick<SignProposal, 'publicKey' | 'epoch'> & { readonly scheme?: SchemeName },
  { creator, me }: { readonly creator: PublicIdentity; readonly me: PartyId },
): Promise<PartyWallet> {
  const wallet = await settledWallet(folder, walletIdOf(publicKey), epoch)
  if (wallet?.state !== 'active' || wallet.key?.scheme !== scheme)
    throw refused('not-a-holder', 'this party holds no share of that wallet')
  if (epoch !== (wallet.epochs?.number ?? 0))
    throw refused('epoch', `asked with shares of epoch ${epoch}; here it is ${wallet.epochs?.number ?? 0}`)
  if (wallet.mySeat !== me)
    throw refused('not-a-holder', `this party holds seat ${wallet.mySeat} of the wallet, not ${me}`)
  if (!wallet.seats.some(({ identity }) => sameIdentity(identity, creator))) {
    throw refused('not-a-holder', 'only those who hold a share of the wallet can ask for a signature')
  }
  return wallet
}

/** Whether to sign, decided before we join: content that decodes, within the policy, and charged to its limits. */
async function agreeToSign(
  ports: SessionPorts,
  charge: RequestCharge,
  asked: Asked,
  wallet: PartyWallet,
): Promise<void> {
  const { policy, now } = ports
  await chargeFor(ports, charge, { by: asked.by, wallet }, (earlier) => allowSigning(policy, asked, earlier, now()))
}

/** Charges the wallet with what `decide` says, unless it was charged when the request was shown before. */
async function chargeFor(
  { ledger, now }: SessionPorts,
  charge: RequestCharge,
  { by, wallet: { walletId } }: { readonly by: string; readonly wallet: PartyWallet },
  decide: Parameters<Ledger['charge']>[2],
): Promise<void> {
  const { request } = charge
  if (await ledger.charge({ request, walletId, by }, now(), decide)) charge.isOurs()
}

/** A run goes on until this is disposed of; then others are waited for again. */
function enteredRun({ underWay }: SessionPorts, patience: Patience | undefined): Disposable {
  patience?.isNotNeeded()
  const run = new DisposableStack()
  run.use(underWay.enter())
  run.defer(() => {
    patience?.begins()
  })
  return run
}

interface RequestCharge extends AsyncDisposable {
  /** As `chargedAs`: shown again, it is the same request. */
  readonly request: string
  /** It was charged here, and not when the request was shown before: only then is it given back here. */
  isOurs(): void
  /** Our part of a signature may have left: the charge stays. */
  stays(): void
}

/**
 * The limits pay for signatures, not for questions: what ends before our part of one could leave is given back. A request
 * that was signed may be shown once more, by a coordinator that hopes for that.
 */
function newCharge({ ledger }: SessionPorts, request: string): RequestCharge {
  let canBeGivenBack = false
  return {
    request,
    isOurs() {
      canBeGivenBack = true
    },
    stays() {
      canBeGivenBack = false
    },
    async [Symbol.asyncDispose]() {
      if (canBeGivenBack) await ledger.giveBack(request)
    },
  }
}

/** What our part in a signature works with. */
interface SigningPart {
  readonly seat: PartyId
  readonly wallet: PartyWallet
  readonly charge: RequestCharge
  readonly patience?: Patience
  readonly agreed?: ReadRequest
}

/** One run after the other, each with an engine of its own. */
function signingRun(
  ports: SessionPorts,
  { content, path = [] }: SignProposal,
  { seat, wallet, charge, patience, agreed }: SigningPart,
): SignRun<Signatures> {
  const { folder, deadlineMs, startEngine, presignatures, history, now, log } = ports
  const { identity, masterKey } = folder
  return async (roster, channel) => {
    using run = new DisposableStack()
    run.use(enteredRun(ports, patience))
    const { presigned } = roster
    const engine = presigned === undefined ? run.use(startEngine()) : presignatures.engine()
    const sealing = { kind: 'key', key: masterKey } as const
    const sealedShare = await folder.share(wallet.walletId)
    const request = agreed && { request: agreed.opened.bytes }
    try {
      const signatures = await engine.sign(
        { me: seat, identity, roster, deadlineMs, sealedShare, sealing, content, path, ...request },
        channel,
        (progress) => {
          if (progress.type === 'stage' && progress.name === onlineStage) charge.stays()
        },
      )
      const signers = roster.seats.map((each) => each.seat)
      presignatures.pay(presignaturesOf(wallet, path, signers))
      const { walletId, publicKey } = wallet
      const { id, note, from } = agreed?.opened.request ?? {}
      const asked = id !== undefined && { request: { id, note: note ?? '', from: from ?? 0 } }
      const made = { signatures: signatures.signatures, signers, session: roster.session, ...asked }
      // The others wait for this signature, whether or not a disk is full.
      await history?.add({ atMs: now(), walletId, publicKey, path, content, ...made }).catch((error: unknown) => {
        log('history-not-written', { wallet: walletId, reason: error instanceof Error ? error.message : 'unknown' })
      })
      return signatures
    } catch (error) {
      if (presigned !== undefined) await dropPresignatures(presignatures, wallet, presigned, error)
      // The session may go on without whoever was caught, and end well.
      const kept = await keepEvidence(folder.path, failureIn(error)).catch(() => undefined)
      if (kept !== undefined) log('evidence', { wallet: wallet.walletId, evidence: kept })
      throw error
    }
  }
}

/** What a run has failed with is not tried again; after misbehaviour nothing is that was there for this wallet. */
async function dropPresignatures(
  presignatures: PartyPresignatures,
  { publicKey }: PartyWallet,
  { batch }: PresignedSlots,
  error: unknown,
): Promise<void> {
  const { kind } = failureIn(error)
  await presignatures.erase(kind === 'misbehaviour' ? { publicKey } : { batch })
}

async function signContent<T extends Pick<Signatures, 'confirmation'>>(seat: Seat, sign: SignRun<T>): Promise<T> {
  await seat.markReady()
  return takePartInRuns(seat, sign)
}

/**
 * A request that is ready, in a session that we open ourselves: charged as in one that somebody else has opened, within the
 * same limits of what we do at once.
 * @returns whether it is signed, and, where our engine has done so, by whom
 * @throws ProtocolAbort
 */
export async function signAgreed(
  ports: SessionPorts,
  read: ReadRequest,
  work: (signing: Signing, lost: AbortSignal) => Promise<Signatures | undefined>,
): Promise<{ readonly isSigned: boolean; readonly signers: readonly PartyId[] }> {
  const { wallet, opened, box } = read
  const order = orderIn(read)
  await using charge = newCharge(ports, bytesToHex(opened.hash))
  const ours = { of: wallet, creator: bytesToHex(ports.folder.identity.public.signingKey), caller: '' }
  const lost = new AbortController()
  const lose = () => {
    lost.abort(refused('busy', 'the party is busy; retry in a minute'))
  }
  using slot = await ports.slots.wait(ours, lose, AbortSignal.timeout(turnWithinMs))
  if (slot === undefined) throw refused('busy', 'the party takes part in as many sessions of this wallet as it may')
  await agreeToSign(ports, charge, askedAs(read, ports.now()), wallet)
  const sign = signingRun(ports, order, { seat: wallet.mySeat, wallet, charge, agreed: read })
  let signers: readonly PartyId[] = []
  const signWith: typeof sign = async (roster, channel) => {
    const made = await sign(roster, channel)
    signers = roster.seats.map(({ seat }) => seat)
    return made
  }
  using holding = new DisposableStack()
  const presigned = async (seats: readonly PartyId[]) => {
    const { path = [], content } = order
    if (content.type === 'raw-digest') return undefined
    const held = await ports.presignatures.hold(presignaturesOf(wallet, path, seats), signatureCount(content))
    return held && holding.use(held).slots
  }
  const signatures = await work({ ...requestPorts(ports), box, sign: signWith, presigned }, lost.signal)
  if (signatures === undefined) return { isSigned: false, signers }
  const { protocol = 'unknown', presigned: wasReady = false } = signatures
  ports.log('signed-request', { wallet: wallet.walletId, protocol, presigned: wasReady })
  return { isSigned: true, signers }
}

function requestPorts({ coordinator, folder, now, requests: { claim } }: SessionPorts) {
  return { coordinator, identity: folder.identity, claim, now }
}
