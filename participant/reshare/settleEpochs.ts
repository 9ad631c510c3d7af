import { type Action, decide } from '../../tss-wasm/epoch/decide.ts'
import type { Failure } from '../../tss-wasm/failure.ts'
import { certificateHash, verifyCertificate, withdrawFrom, withdrawnBy } from '../../tss-wasm/identity/certificate.ts'
import type { Identity } from '../../tss-wasm/identity/identity.ts'
import { certificateOf } from '../../tss-wasm/identity/reshareAgreement.ts'
import { signRetired } from '../../tss-wasm/identity/retired.ts'
import { sameIdentity } from '../../tss-wasm/identity/roster.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Session } from '../../proto/gen/coordinator_pb.js'
import type { Connection } from '../connection/connection.ts'
import { asAbort } from '../connection/failures.ts'
import { checkedSession } from '../session/sessionParts.ts'
import {
  type EpochStore,
  nothingKnown,
  openAttempts,
  runName,
  situationOf,
  type StoredAttempt,
  type WalletEpochs,
} from './walletEpochs.ts'

/** What settling the epochs of a wallet needs of its host. */
export interface EpochPorts {
  readonly connection: Pick<Connection, 'sessions' | 'persistently'>
  readonly store: EpochStore
  /** Of this device, as the members of the wallet know it. */
  readonly identity: Identity
  /** What goes on in this process, by `runName`. */
  readonly running: ReadonlySet<string>
  /** The last second, since 1970, in which a backup of the store may still hold an erased share; 0 if there is none. */
  readonly backupsUntil: number
}

/** How the epochs of a wallet stand once there is nothing left to do here. */
export type Settled =
  | { readonly state: 'rest'; readonly epochs: WalletEpochs }
  /** The shares in use still sign; these attempts wait for a word of others. */
  | { readonly state: 'waiting'; readonly about: readonly number[]; readonly failure: Failure | undefined }
  /** A certified epoch counts on a share that is gone from here: this seat has to be replaced. */
  | { readonly state: 'lost'; readonly number: number }

/**
 * Does what `decide` says until it says that there is nothing to do (RESHARING 4.3, 4.4); to be called at start, after every
 * run and every now and then. One call at a time for a wallet. The coordinator is believed in nothing: certificates and
 * withdrawals prove themselves.
 */
export async function settleEpochs(ports: EpochPorts, walletId: string): Promise<Settled> {
  const { store, running } = ports
  const isRunning = (number: number) => running.has(runName(walletId, number))
  let failure: Failure | undefined
  for (let hasAsked = false; ;) {
    const epochs = await store.read(walletId)
    if (epochs === undefined) return { state: 'rest', epochs: nothingKnown }
    const action = decide(situationOf(epochs, await store.held(walletId), isRunning))
    if (action.do === 'report loss') return { state: 'lost', number: action.of }
    if (action.do !== 'ask' && action.do !== 'rest') {
      failure = await act(ports, walletId, epochs, action)
      // What could not be said is said another time; the decision stands, and is written down.
      if (failure !== undefined) return { state: 'waiting', about: openAttempts(epochs).map(numberOf), failure }
      continue
    }
    const open = openAttempts(epochs)
    if (open.length === 0) return { state: 'rest', epochs: await pruned(store, walletId) }
    if (hasAsked) return { state: 'waiting', about: open.map(numberOf), failure }
    hasAsked = true
    for (const attempt of open) failure = (await ask(ports, walletId, attempt)) ?? failure
  }
}

function numberOf({ handover }: StoredAttempt): number {
  return handover.number
}

/** Drops attempts that nothing can come of any more; that of the epoch in use stays, with the certificate that proves it. */
async function pruned(store: EpochStore, walletId: string): Promise<WalletEpochs> {
  const held = await store.held(walletId)
  return store.change(walletId, (now) => {
    const number = now.current?.number ?? 0
    const open = openAttempts(now)
    const isOver = (attempt: StoredAttempt) =>
      numberOf(attempt) !== number && !open.includes(attempt) && !held.includes(numberOf(attempt))
    const attempts = now.attempts.filter((attempt) => !isOver(attempt))
    return now.current === undefined || attempts.length === now.attempts.length ? now : { ...now, attempts }
  })
}

type Act = Exclude<Action, { readonly do: 'ask' | 'rest' | 'report loss' }>

/** @returns why it could not be said; what is written down stays so */
async function act(
  ports: EpochPorts,
  walletId: string,
  epochs: WalletEpochs,
  action: Act,
): Promise<Failure | undefined> {
  const { store, identity, backupsUntil } = ports
  switch (action.do) {
    case 'switch':
    case 'leave': {
      const to = attemptIn(epochs, action.do === 'switch' ? action.to : action.under)
      const { begins } = await verifyCertificate(to.certificate, to.from)
      await store.change(walletId, (now) => ({ ...now, current: { ...begins, mySeat: to.newSeat } }))
      return undefined
    }
    case 'erase': {
      // Noted first: a crash in between erases again, and then says so.
      const wasEpoch = !openAttempts(epochs).some((attempt) => numberOf(attempt) === action.epoch)
      const { epoch } = action
      if (wasEpoch)
        await store.change(walletId, (now) => ({ ...now, unspoken: [...new Set([...now.unspoken, epoch])] }))
      await store.eraseShare(walletId, action.epoch)
      return undefined
    }
    case 'say retired': {
      const { current } = epochs
      const by = epochs.attempts.find((attempt) => numberOf(attempt) === current?.number)
      const isSaid = async () => {
        const left = (now: WalletEpochs) => now.unspoken.filter((epoch) => epoch !== action.epoch)
        await store.change(walletId, (now) => ({ ...now, unspoken: left(now) }))
      }
      const seat = by?.from.members.find((member) => sameIdentity(member.identity, identity.public))?.seat
      // Only under the certificate that ended it; what was an epoch for a moment between two is nobody's question.
      if (by === undefined || seat === undefined || by.from.number !== action.epoch) {
        await isSaid()
        return undefined
      }
      const hash = certificateHash(by.certificate)
      const value = await signRetired({ seat, backupsUntil }, by.from, { hash }, identity)
      const failure = await say(ports, by, { case: 'retired', value })
      if (failure !== undefined && failure.kind !== 'refused') return failure
      await isSaid()
      return undefined
    }
    case 'drop':
      await store.eraseShare(walletId, action.attempt)
      return undefined
    case 'confirm':
    case 'withdraw':
      await store.change(walletId, (now) => {
        // Said once, whoever decided meanwhile.
        if (attemptIn(now, action.attempt).said !== 'nothing') return now
        return changed(now, action.attempt, { said: action.do === 'confirm' ? 'confirmation' : 'withdrawal' })
      })
      return undefined
    case 'repeat': {
      const attempt = attemptIn(epochs, action.attempt)
      const failure = await say(ports, attempt, await wordOf(attempt, identity))
      // Who is refused is not heard later either: the log keeps what it says, and the others' words decide.
      if (failure !== undefined && failure.kind !== 'refused') return failure
      await store.change(walletId, (now) => changed(now, action.attempt, { isHeard: true }))
      return undefined
    }
  }
}

interface Word {
  readonly case: 'confirmation' | 'withdrawal' | 'retired'
  readonly value: Uint8Array
}

async function wordOf({ said, report, handover, newSeat }: StoredAttempt, identity: Identity): Promise<Word> {
  if (said === 'confirmation') return { case: 'confirmation', value: report }
  if (newSeat === undefined) throw new Error('only new members withdraw')
  return { case: 'withdrawal', value: await withdrawFrom(handover, newSeat, identity) }
}

async function say(
  { connection }: EpochPorts,
  { sessionId, joinToken }: StoredAttempt,
  outcome: Word,
): Promise<Failure | undefined> {
  const headers = { authorization: `Bearer ${joinToken}` }
  try {
    await connection.persistently.call(
      (options) => connection.sessions.reportCompletion({ sessionId, outcome }, { ...options, headers }),
      never,
    )
    return undefined
  } catch (error) {
    return asAbort(error).failure
  }
}

const never = new AbortController().signal

/** Learns what became of an attempt, from the signatures that the coordinator has. @returns why it could not be asked */
async function ask(
  { connection, store }: EpochPorts,
  walletId: string,
  attempt: StoredAttempt,
): Promise<Failure | undefined> {
  const { sessionId, joinToken } = attempt
  const headers = { authorization: `Bearer ${joinToken}` }
  try {
    const { session } = await connection.persistently.call(
      (options) => connection.sessions.getOutcome({ sessionId }, { ...options, headers }),
      never,
    )
    const news = await newsOf(checkedSession(session, sessionId), attempt)
    if (news !== undefined) await store.change(walletId, (now) => changed(now, numberOf(attempt), news))
    return undefined
  } catch (error) {
    return asAbort(error).failure
  }
}

/** A certificate or an abort, whichever the signatures in a session make. */
export async function newsOf(
  { participants }: Session,
  attempt: StoredAttempt,
): Promise<Partial<Pick<StoredAttempt, 'certificate' | 'abort'>> | undefined> {
  const reports = new Map(participants.map(({ seat, confirmation }) => [seat as PartyId, confirmation]))
  const certificate = await certificateOf(attempt, reports)
  if (certificate !== undefined) return { certificate }
  for (const { withdrawal } of participants)
    if ((await withdrawnBy(withdrawal, attempt.handover)) !== undefined) return { abort: withdrawal }
  return undefined
}

/** @throws Error for an attempt that is not there */
export function attemptIn({ attempts }: WalletEpochs, number: number): StoredAttempt {
  const found = attempts.find((attempt) => numberOf(attempt) === number)
  if (found === undefined) throw new Error(`there is no attempt ${number}`)
  return found
}

export function changed(epochs: WalletEpochs, number: number, change: Partial<StoredAttempt>): WalletEpochs {
  const attempts = epochs.attempts.map((attempt) =>
    numberOf(attempt) === number ? { ...attempt, ...change } : attempt,
  )
  return { ...epochs, attempts }
}
