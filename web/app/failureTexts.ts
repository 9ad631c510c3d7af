import type { Failure } from '../../tss-wasm/failure.ts'
import type { Step } from '../jobs/ceremony.ts'

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
  /** Names for people, as "server-1 and server-2". */
  readonly parties: (seats: readonly number[]) => string
}

/** Another party's fault and the world's end a ceremony alike; what differs is how far it was. */
function moneyText({ kind, during }: FailureContext): string {
  if (kind === 'other') return 'Nothing was changed: your wallets and your money are as they were.'
  if (kind === 'sign') {
    return 'Nothing was signed by this attempt, and no money was moved. The share on this device is unchanged.'
  }
  return during === 'confirming'
    ? 'Your share is stored, but not everybody has confirmed. The wallet is kept as “not finished” and its address stays hidden; do not send money to it.'
    : 'No wallet was created, so no money can be in it. Your other wallets are untouched.'
}

/** The English texts for every way in which something can end without a result. */
export function failureText(failure: Failure, context: FailureContext): FailureText {
  return { ...causeText(failure, context), money: moneyText(context) }
}

type CauseText = Omit<FailureText, 'money'>

function causeText(failure: Failure, { parties }: FailureContext): CauseText {
  switch (failure.kind) {
    case 'misbehaviour':
      return misbehaviour(failure.culprits, failure.check, parties)
    case 'timed-out':
      return {
        title: failure.waitingFor.length === 0 ? 'No answer in time' : `No answer from ${parties(failure.waitingFor)}`,
        what: awaited(failure.round),
        now: 'Check that the missing party is running and connected, then try again.',
      }
    case 'peer-gave-up':
      return {
        title: `${parties([failure.peer])} stopped`,
        what: gaveUp(failure.reason, failure.about === undefined ? undefined : parties(failure.about)),
        now: 'Try again. If it happens again, ask whoever runs that party what its log says.',
      }
    case 'disconnected':
      return {
        title: 'The connection was lost',
        what: 'The coordinator, which passes messages between the parties, could not be reached.',
        now: 'Check your network connection and that the coordinator is running, then try again.',
      }
    case 'cancelled':
      return {
        title: 'Cancelled',
        what: 'You stopped it. The other parties were told.',
        now: 'You can start again whenever you like.',
      }
    case 'engine-crashed':
      return {
        title: 'The computation broke off',
        what: 'The part of the app that computes with your share ended unexpectedly, perhaps for lack of memory.',
        now: 'Close other tabs, reload this page and try again. If it happens again, please report it with the details below.',
      }
    case 'refused':
      return refusals.find(([pattern]) => pattern.test(failure.reason))?.[1] ?? unknownRefusal
  }
}

/** What a failed check means, by its name in the engine and the client; first match, the last one always matches. */
const checks: readonly (readonly [pattern: RegExp, what: string])[] = [
  [
    /^check codes/,
    'The check codes were not the same for everybody: somebody may have put himself between you and the others.',
  ],
  [
    /pinned|coordinator|session that was asked|roster|proposal/,
    'What the coordinator delivered does not fit what was agreed on. Somebody may be trying to put another party in a seat.',
  ],
  [/same broadcast|echo/, 'It told different parties different things. Honest software never does that.'],
  [/confirm/, 'The parties do not confirm the same result, so it must not be used.'],
  [
    /envelope|opens under our key|sequence|sender|well formed|round of this protocol|message/,
    'A message was damaged, out of place, or not from whom it claimed to be.',
  ],
  [/^new share/, 'The share that came out of the computation did not stand up to being checked.'],
  [
    /./,
    'What it sent breaks the protocol. This can be a defect or an attack; in either case this device did not go along with it.',
  ],
]

function misbehaviour(culprits: readonly number[], check: string, parties: FailureContext['parties']): CauseText {
  const what = checks.find(([pattern]) => pattern.test(check))?.[1] ?? ''
  if (culprits.length === 0) {
    return {
      title: 'A safety check failed',
      what: `${what} The protocol cannot tell whose fault it is; it may also be the coordinator’s.`,
      now: 'Try again once. If the check fails again, do not use this set of parties until the cause is known.',
    }
  }
  return {
    title: `${parties(culprits)} failed a safety check`,
    what,
    now: 'Do not simply try again: ask whoever runs that party to look into it, and show them the details below.',
  }
}

function awaited(round: string): string {
  if (round === 'seats' || round === 'start')
    return 'Not every party took its seat in time, so the computation never began.'
  if (round === 'confirmation') return 'The computation went through, but not every party confirmed the result in time.'
  return 'It stopped sending messages in the middle of the computation. It may have lost its connection or been shut down.'
}

/** Another party's own word; only its first word, the kind, is understood. */
/** @param whom names of the parties it blames or waits for, if it says so */
function gaveUp(reason: string, whom = 'another party'): string {
  if (reason.startsWith('refused'))
    return 'It did not agree to take part. Its policy, or a check of its own, stands against it.'
  if (reason.startsWith('misbehaviour')) return `It says that ${whom} failed a safety check.`
  if (reason.startsWith('timed-out')) return `It says that it waited too long for ${whom}.`
  if (reason.startsWith('disconnected')) return 'It says that it lost its connection.'
  return 'It ended its part before the result was there.'
}

/** Reasons as the engine, the jobs and the platform word them, first match. Whatever is not listed is shown as it is. */
const refusals: readonly (readonly [pattern: RegExp, text: CauseText])[] = [
  [
    /^invitation: expired/,
    {
      title: 'This invitation has expired',
      what: 'Invitations hold for a limited time only.',
      now: 'Ask the person who invited you for a new one.',
    },
  ],
  [
    /^invitation: for another app/,
    {
      title: 'This invitation is for another address',
      what: 'It leads to another installation of Quorate than the one you are using.',
      now: 'If you know and trust that address, open the link there.',
    },
  ],
  [
    /^invitation/,
    {
      title: 'This invitation cannot be used',
      what: 'It is incomplete, damaged, or not an invitation to a wallet.',
      now: 'Copy it again, the whole of it, or ask for a new one.',
    },
  ],
  [
    /^(seat|our seat|the roster|the others were asked)/,
    {
      title: 'Not the parties of this wallet',
      what: 'Those who came are not the ones who hold the shares of this wallet, or were asked for something else.',
      now: 'Do not simply try again: find out who runs the coordinator and the parties.',
    },
  ],
  [
    /passphrase/i,
    {
      title: 'The passphrase is wrong',
      what: 'It does not open the share on this device.',
      now: 'Type it again; mind capital letters and the keyboard layout. There is no limit to the number of attempts.',
    },
  ],
  [
    /^share: missing/,
    {
      title: 'The share is not on this device',
      what: 'The wallet is listed, but its share is gone from this browser’s storage.',
      now: 'Do not delete anything. The other parties together can still sign; move the money to a new wallet.',
    },
  ],
  [
    /share/i,
    {
      title: 'The share cannot be used',
      what: 'What is stored on this device is damaged or belongs to another wallet.',
      now: 'Do not delete anything. The other parties together can still sign; move the money to a new wallet.',
    },
  ],
  [
    /^storage: full/,
    {
      title: 'There is no room left',
      what: 'The browser’s storage or the disk is full, so nothing could be stored.',
      now: 'Free some space and try again.',
    },
  ],
  [
    /^storage: newer/,
    {
      title: 'A newer version of Quorate has been used here',
      what: 'This tab is too old to read what the newer version stored.',
      now: 'Reload the page.',
    },
  ],
  [
    /^storage: closed/,
    {
      title: 'This tab is out of date',
      what: 'Another tab with a newer version of Quorate took over the storage.',
      now: 'Reload the page.',
    },
  ],
  [
    /^storage/,
    {
      title: 'The browser does not allow storing',
      what: 'Private windows and strict settings keep Quorate from storing a share, and without storing it there can be no wallet.',
      now: 'Open Quorate in a normal window, or allow this site to store data.',
    },
  ],
  [
    /^pre-parameters: taken/,
    {
      title: 'Another window was quicker',
      what: 'The large primes prepared on this device were just used by another window. Each set is used only once.',
      now: 'Try again; a new set will be prepared first.',
    },
  ],
  [
    /pre-parameters/,
    {
      title: 'The prepared primes cannot be used',
      what: 'The large primes prepared on this device are damaged. They were never part of a key and have been removed.',
      now: 'Try again; a new set will be prepared first.',
    },
  ],
  [
    /^content/,
    {
      title: 'This cannot be signed',
      what: 'It does not decode as a transaction or message. What cannot be read and shown is never signed.',
      now: 'Ask for it again where it came from.',
    },
  ],
  [
    /^configuration/,
    {
      title: 'The server parties are not known',
      what: 'The list of server parties that belongs to this app could not be read.',
      now: 'Reload the page. If it stays like this, the installation is damaged.',
    },
  ],
]

const unknownRefusal: CauseText = {
  title: 'It was refused',
  what: 'A check said no before anything was done. The details below say which.',
  now: 'Correct what it names and try again.',
}

/** For reports and for people who know the protocol: names the check, carries no secret. */
export function technical(failure: Failure): string {
  switch (failure.kind) {
    case 'misbehaviour':
      return `misbehaviour · party ${failure.culprits.join(', ') || 'unknown'} · ${failure.check}`
    case 'timed-out':
      return `timed-out · party ${failure.waitingFor.join(', ') || 'unknown'} · ${failure.round}`
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

/** What a form says beside a transaction that does not decode. */
export const contentRules: Readonly<Record<string, string>> = {
  'too-long': 'is too long',
  'wrong-type': 'is neither of type 2 (EIP-1559) nor a legacy one',
  'any-chain': 'is bound to no network (EIP-155): it could be sent again on every other',
  'not-rlp': 'is damaged: it is not well-formed RLP',
  'wrong-field-count': 'does not have the right number of fields',
  'already-signed': 'is signed already; paste the unsigned one',
  'not-bytes': 'is a list where a value belongs',
  'not-a-list': 'is a value where a list belongs',
  'leading-zero': 'has a leading zero',
  'too-large': 'is too large',
  'too-small': 'is too small',
  'wrong-length': 'has the wrong length',
  'tip-above-maximum': 'is higher than the highest fee per gas',
  'cost-overflow': 'makes the fee impossibly high',
}
