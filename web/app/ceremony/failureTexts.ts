import type { Failure } from '../../../tss-wasm/failure.ts'
import type { Step } from '../../jobs/ceremony.ts'
import { inWords } from '../texts/duration.ts'
import type { Texts } from '../texts/en.ts'

/** For a person: what happened, what it means for their money, what to do now. */
export interface FailureText {
  readonly title: string
  readonly what: string
  readonly money: string
  readonly now: string
}

/** What the sentences need to know. */
export interface FailureContext {
  readonly kind: 'create' | 'sign' | 'other'
  /** The step that it broke off in. */
  readonly during?: Step | undefined
  /** Whether others may hold a signature all the same. */
  readonly mayBeSigned?: boolean | undefined
  /** Names for people, as "server-1 and server-2". */
  readonly parties: (seats: readonly number[]) => string
}

/** The words for every way in which something can end without a result, in the language of `texts`. */
export function failureText(failure: Failure, context: FailureContext, texts: Texts): FailureText {
  const money = isSignedByOthers(failure)
    ? texts.failures.money.signedByOthers
    : moneyText(context, texts.failures.money)
  return { ...causeText(failure, context, texts), money }
}

/** No failure of anything: enough others were faster. */
export function isSignedByOthers(failure: Failure): boolean {
  return failure.kind === 'refused' && failure.reason.startsWith('session: completed')
}

type Sentences = Texts['failures']
type CauseText = Omit<FailureText, 'money'>

/** Another party's fault and the world's end a ceremony alike; what differs is how far it was. */
function moneyText({ kind, during, mayBeSigned }: FailureContext, money: Sentences['money']): string {
  if (kind === 'other') return money.unchanged
  if (kind === 'sign') return mayBeSigned === true ? money.maybeSigned : money.unsigned
  return during === 'confirming' ? money.unconfirmed : money.noWallet
}

function causeText(failure: Failure, { parties }: FailureContext, texts: Texts): CauseText {
  const { failures } = texts
  const { timedOut, gaveUp } = failures
  switch (failure.kind) {
    case 'misbehaviour':
      return misbehaviour(failure.culprits, failure.check, parties, failures.misbehaviour)
    case 'timed-out':
      return {
        title: failure.waitingFor.length === 0 ? timedOut.nobodyTitle : timedOut.title(parties(failure.waitingFor)),
        what: waited(awaited(failure.round, timedOut), failure.waitedMs, texts),
        now: timedOut.now,
      }
    case 'peer-gave-up':
      return {
        title: gaveUp.title(parties([failure.peer])),
        what: itsWord(failure.reason, failure.about === undefined ? gaveUp.another : parties(failure.about), gaveUp),
        now: gaveUp.now,
      }
    case 'disconnected':
      return failures.disconnected
    case 'cancelled':
      return failures.cancelled
    case 'engine-crashed':
      return failure.detail.startsWith('not loaded') ? failures.unloaded : failures.crashed
    case 'refused':
      return failures.refusals[refusals.find(([pattern]) => pattern.test(failure.reason))?.[1] ?? 'unknown']
  }
}

/** What a failed check is about, by its name in the engine and the client; first match, the last one always matches. */
const checks: readonly (readonly [pattern: RegExp, about: keyof Sentences['misbehaviour']['checks']])[] = [
  [/^check codes/, 'codes'],
  [/pinned|coordinator|session that was asked|roster|proposal/, 'terms'],
  [/same broadcast|echo/, 'broadcast'],
  [/confirm/, 'confirmation'],
  [/envelope|opens under our key|sequence|sender|well formed|round of this protocol|message/, 'message'],
  [/^new share/, 'newShare'],
]

function misbehaviour(
  culprits: readonly number[],
  check: string,
  parties: FailureContext['parties'],
  texts: Sentences['misbehaviour'],
): CauseText {
  const what = texts.checks[checks.find(([pattern]) => pattern.test(check))?.[1] ?? 'protocol']
  return culprits.length === 0
    ? { title: texts.nobodyTitle, what: texts.nobody(what), now: texts.nobodyNow }
    : { title: texts.title(parties(culprits)), what, now: texts.now }
}

function awaited(round: string, texts: Sentences['timedOut']): string {
  if (round === 'seats' || round === 'start') return texts.seats
  return round === 'confirmation' ? texts.confirmation : texts.round
}

function waited(what: string, milliseconds = 0, texts: Texts): string {
  return milliseconds === 0 ? what : texts.failures.timedOut.silence(what, inWords(milliseconds, texts))
}

/**
 * Another party's own word; only its first word, the kind, is understood.
 * @param whom names of the parties it blames or waits for
 */
function itsWord(reason: string, whom: string, texts: Sentences['gaveUp']): string {
  if (reason.startsWith('refused')) return texts.refused
  if (reason.startsWith('misbehaviour')) return texts.misbehaviour(whom)
  if (reason.startsWith('timed-out')) return texts.timedOut(whom)
  return reason.startsWith('disconnected') ? texts.disconnected : texts.other
}

/** Reasons as the engine, the jobs and the platform word them, first match. */
const refusals: readonly (readonly [pattern: RegExp, text: keyof Sentences['refusals']])[] = [
  [/^invitation: expired/, 'invitationExpired'],
  [/^invitation: over/, 'invitationOver'],
  [/^invitation: for another app/, 'invitationElsewhere'],
  [/^invitation/, 'invitation'],
  [/^session: completed/, 'signedWithout'],
  [/^backup: wrong passphrase/, 'backupPassphrase'],
  [/^backup: (of|names)/, 'backupOther'],
  [/^backup: damaged/, 'backupDamaged'],
  [/^backup/, 'backupForeign'],
  [/^key share/, 'shareFile'],
  [/^restore/, 'restore'],
  [/^keychain/, 'keychain'],
  [/^(seat|our seat|the roster|the others were asked)/, 'parties'],
  [/^passkey: not used/, 'passkeyUnused'],
  [/^passkey: no prf/, 'passkeyNoPrf'],
  [/^passkey/, 'passkey'],
  [/passphrase/i, 'passphrase'],
  [/^share: missing/, 'shareMissing'],
  [/share/i, 'share'],
  [/^storage: full/, 'storageFull'],
  [/^storage: newer/, 'storageNewer'],
  [/^storage: closed/, 'storageClosed'],
  [/^storage/, 'storage'],
  [/^pre-parameters: taken/, 'primesTaken'],
  [/pre-parameters/, 'primes'],
  [/^content/, 'content'],
  [/^configuration/, 'configuration'],
]

/** For reports and for people who know the protocol: names the check, carries no secret. */
export function technical(failure: Failure): string {
  switch (failure.kind) {
    case 'misbehaviour':
      return `misbehaviour · party ${failure.culprits.join(', ') || 'unknown'} · ${failure.check}`
    case 'timed-out':
      return `timed-out · party ${failure.waitingFor.join(', ') || 'unknown'} · ${failure.round} · ${failure.waitedMs ?? 0} ms`
    case 'peer-gave-up':
      return `peer-gave-up · party ${failure.peer} · ${failure.reason}`
    case 'disconnected':
    case 'engine-crashed':
      return `${failure.kind} · ${failure.detail}`
    case 'refused':
      return `refused · ${failure.reason}`
    case 'cancelled':
      return 'cancelled'
  }
}
