import { type Check, explain, isProtocolCheck, type ProtocolCheck } from '../../../tss-wasm/checks.ts'
import type { Cause, Failure, GaveUp } from '../../../tss-wasm/failure.ts'
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
  readonly kind: 'create' | 'sign' | 'reshare' | 'other'
  /** The step that it broke off in. */
  readonly during?: Step | undefined
  /** Whether others may hold a signature all the same. */
  readonly mayBeSigned?: boolean | undefined
  /** Names for people, as "server-1 and server-2". */
  readonly parties: (seats: readonly number[]) => string
}

/** The words for every way in which something can end without a result, in the language of `texts`. */
export function failureText(failure: Failure, context: FailureContext, texts: Texts): FailureText {
  const { money: sentences } = texts.failures
  // Our own part may have left in a run before: then there may well be a second signature.
  const money =
    isSignedByOthers(failure) && context.mayBeSigned !== true
      ? sentences.signedByOthers
      : moneyText(failure, context, sentences)
  return { ...causeText(failure, context, texts), money }
}

/** No failure of anything: enough others were faster, and have shown it (participant/session/signedByOthers.ts). */
export function isSignedByOthers(failure: Failure): boolean {
  return failure.kind === 'refused' && failure.what === 'signed-by-others'
}

type Sentences = Texts['failures']
type CauseText = Omit<FailureText, 'money'>

/** Another party's fault and the world's end a ceremony alike; what differs is how far it was. */
function moneyText(failure: Failure, { kind, during, mayBeSigned }: FailureContext, money: Sentences['money']): string {
  if (kind === 'other') return money.unchanged
  if (kind === 'sign') return mayBeSigned === true ? money.maybeSigned : money.unsigned
  if (kind === 'reshare') {
    const isOver = failure.kind === 'peer-gave-up' && failure.why === 'withdrawn'
    return during === 'confirming' && !isOver ? money.unswitched : money.unreshared
  }
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
        ...itsWord(failure, failure.about === undefined ? gaveUp.another : parties(failure.about), gaveUp),
      }
    case 'disconnected':
      return failures.disconnected
    case 'cancelled':
      return failures.cancelled
    case 'engine-crashed':
      return failures.crashed
    case 'not-loaded':
      return failures.unloaded
    case 'refused':
      return failures.refusals[refusals[failure.what]]
  }
}

type Topic = keyof Sentences['misbehaviour']['checks']

/** What a failed check is about; those of the protocol itself are about what a party sent. */
const topics: Readonly<Record<Exclude<Check, ProtocolCheck>, Topic>> = {
  'check codes are the same for everybody': 'codes',
  'proposal is well formed': 'terms',
  'proposal is written in canonical form': 'terms',
  'proposal to reshare states the shares of the wallet': 'terms',
  'handover is well formed': 'terms',
  'handover is written in canonical form': 'terms',
  'handover is of this wallet': 'terms',
  'handover is of this epoch': 'terms',
  'handover has as many old members as sign': 'terms',
  'handover has old members of this epoch in their own seats': 'terms',
  'handover is signed by its creator': 'terms',
  'handover is approved by every old member': 'terms',
  'certificate is well formed': 'terms',
  'certificate is written in canonical form': 'terms',
  'certificate has one approval for each old member': 'terms',
  'certificate has one confirmation for each new member': 'terms',
  'certificate is confirmed by every new member': 'terms',
  'retired is signed by a member of that epoch, under the certificate that ended it': 'terms',
  'proposal is signed by the creator of the session': 'terms',
  'proposal is of this session': 'terms',
  'protocol version is the same': 'terms',
  'what was looked at is what is joined': 'terms',
  'roster is well formed': 'terms',
  'roster is written in canonical form': 'terms',
  'roster is signed by the creator of the session': 'terms',
  'roster is of this session': 'terms',
  'roster is for this kind of session': 'terms',
  'roster has the threshold that was agreed': 'terms',
  'roster has as many seats as were agreed': 'terms',
  'roster is for the proposal that was agreed': 'terms',
  'roster gives the creator their own identity': 'terms',
  'roster has our identity in our seat': 'terms',
  'roster has our commitment in our seat': 'terms',
  'roster has the commitments that were stated': 'terms',
  'roster has the names that were stated': 'terms',
  'roster names the protocol that all signers can': 'terms',
  'check code opening is signed by its party': 'codes',
  'check code opening is what its party committed to': 'codes',
  'roster is the one that we approved': 'terms',
  'roster is approved by everybody': 'terms',
  'hand-shake is well formed': 'message',
  'hand-shake is signed by its party': 'terms',
  'hand-shakes agree': 'terms',
  'party has the identity that is pinned for it': 'terms',
  'seat was taken with its invitation': 'terms',
  'session was created by whoever sent the invitation': 'terms',
  'coordinator seats us where the invitation says': 'terms',
  'coordinator gives us the seat that it showed us': 'terms',
  'coordinator answers with a session': 'terms',
  'coordinator answers with the session that was asked for': 'terms',
  'coordinator gives the creator a join token for each invited seat': 'terms',
  'confirmation is signed by its party': 'confirmation',
  'confirmation has a result': 'confirmation',
  'everybody confirms the same result': 'confirmation',
  'everybody received the same broadcasts': 'broadcast',
  'new share stands up to its checks': 'newShare',
  'message is well formed': 'message',
  'message comes from another party': 'message',
  'message belongs to a round of this protocol': 'message',
  'one message per sender': 'message',
  'one envelope per sequence number': 'message',
  'private message is sent as such': 'message',
  'private message opens under our key': 'message',
  'broadcast message is sent as such': 'message',
  'sender speaks in this round': 'message',
  'sender takes part in this run': 'message',
  'encryption key can be encrypted to': 'protocol',
  'broadcast is the same for everybody': 'broadcast',
  'everybody got the same broadcast': 'broadcast',
  "echo of another party's broadcast is true": 'broadcast',
  "echo covers every other party's broadcast": 'broadcast',
}

function topicOf(check: Check): Topic {
  return isProtocolCheck(check) ? 'protocol' : topics[check]
}

function misbehaviour(
  culprits: readonly number[],
  check: Check,
  parties: FailureContext['parties'],
  texts: Sentences['misbehaviour'],
): CauseText {
  const what = texts.checks[topicOf(check)]
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
 * What another party claims, of which we understand only the kind.
 * @param whom names of the parties it blames or waits for
 */
function itsWord(
  { why, cause }: Extract<Failure, { readonly kind: 'peer-gave-up' }>,
  whom: string,
  texts: Sentences['gaveUp'],
): Pick<CauseText, 'what' | 'now'> {
  if (why !== 'refused') return { what: itsEnd(why, whom, texts), now: texts.now }
  const [what, now] = (cause === undefined ? undefined : itsCauses[cause]) ?? (['refused', 'now'] as const)
  return { what: texts[what], now: texts[now] }
}

/** What another party refused, as far as there is more to say of it than that. */
const itsCauses: Partial<Record<Cause, readonly [what: keyof Words, now: keyof Words]>> = {
  busy: ['busy', 'busyNow'],
  restarted: ['restarted', 'busyNow'],
  policy: ['policy', 'policyNow'],
  declined: ['declined', 'policyNow'],
  epoch: ['noShare', 'now'],
  'not-a-holder': ['noShare', 'now'],
  'share-missing': ['noShare', 'now'],
}
type Words = Pick<
  Sentences['gaveUp'],
  'refused' | 'now' | 'busy' | 'busyNow' | 'restarted' | 'policy' | 'policyNow' | 'declined' | 'noShare'
>

function itsEnd(why: Exclude<GaveUp, 'refused'>, whom: string, texts: Sentences['gaveUp']): string {
  switch (why) {
    case 'misbehaviour':
      return texts.misbehaviour(whom)
    case 'timed-out':
      return texts.timedOut(whom)
    case 'disconnected':
      return texts.disconnected
    case 'peer-gave-up':
    case 'cancelled':
    case 'engine-crashed':
    case 'not-loaded':
    case 'superseded':
    case 'withdrawn':
    case 'unknown':
      return texts.other
  }
}

/** The sentences for each cause; several causes may share theirs. */
const refusals: Readonly<Record<Cause | 'coordinator', keyof Sentences['refusals']>> = {
  coordinator: 'coordinator',
  'invitation-expired': 'invitationExpired',
  'invitation-over': 'invitationOver',
  'invitation-used': 'invitationUsed',
  'invitation-elsewhere': 'invitationElsewhere',
  'invitation-unreadable': 'invitation',
  'invitation-mangled': 'invitationMangled',
  'invitation-several': 'invitationSeveral',
  'invitation-open-elsewhere': 'invitationOpen',
  'seat-elsewhere': 'seatElsewhere',
  'signed-by-others': 'signedWithout',
  'other-parties': 'parties',
  'not-begun': 'unknown',
  'other-identity': 'unknown',
  'replayed-run': 'unknown',
  'too-many-runs': 'unknown',
  'too-few-signers': 'unknown',
  declined: 'unknown',
  policy: 'unknown',
  'not-a-holder': 'unknown',
  epoch: 'epoch',
  busy: 'unknown',
  restarted: 'unknown',
  passphrase: 'passphrase',
  locked: 'locked',
  'share-missing': 'shareMissing',
  share: 'share',
  'share-in-file': 'shareFile',
  'share-threshold': 'shareThreshold',
  'share-file-foreign': 'shareForeign',
  'share-file-encoding': 'shareEncoding',
  'share-file-eddsa': 'shareEddsa',
  'share-file-unfinished': 'shareUnfinished',
  'share-file-numbers': 'shareNumbers',
  'share-file-rounded': 'shareRounded',
  'share-file-preparameters': 'sharePreParameters',
  'share-file-several': 'shareSeveral',
  passkey: 'passkey',
  'passkey-unused': 'passkeyUnused',
  'passkey-no-prf': 'passkeyNoPrf',
  'backup-passphrase': 'backupPassphrase',
  'backup-of-another': 'backupOther',
  'backup-damaged': 'backupDamaged',
  'backup-foreign': 'backupForeign',
  'here-already': 'restore',
  recovery: 'unknown',
  recipient: 'unknown',
  'user-share': 'share',
  keychain: 'keychain',
  storage: 'storage',
  'storage-full': 'storageFull',
  'storage-newer': 'storageNewer',
  'storage-closed': 'storageClosed',
  'storage-lost': 'storageLost',
  'storage-damaged': 'storageDamaged',
  'storage-incomplete': 'storageIncomplete',
  'pre-parameters': 'primes',
  'pre-parameters-taken': 'primesTaken',
  presignature: 'unknown',
  content: 'content',
  'signature-form': 'unknown',
  configuration: 'configuration',
  unknown: 'unknown',
}

/** For reports and for people who know the protocol: names the check, carries no secret. */
export function technical(failure: Failure): string {
  return [failure.kind, ...particulars(failure)].filter((part) => part !== '').join(' · ')
}

function particulars(failure: Failure): readonly string[] {
  const party = (seats: readonly number[]) => `party ${seats.join(', ') || 'unknown'}`
  switch (failure.kind) {
    case 'misbehaviour':
      return [party(failure.culprits), failure.check, failure.detail ?? '', explain(failure.check) ?? '']
    case 'timed-out':
      return [party(failure.waitingFor), failure.round, `${failure.waitedMs ?? 0} ms`]
    case 'peer-gave-up':
      return [party([failure.peer]), failure.why, failure.cause ?? '', failure.detail]
    case 'disconnected':
    case 'engine-crashed':
    case 'not-loaded':
      return [failure.detail]
    case 'refused':
      return failure.what === 'coordinator'
        ? [failure.what, failure.code, `“${failure.detail}”`]
        : [failure.what, failure.detail]
    case 'cancelled':
      return []
  }
}
