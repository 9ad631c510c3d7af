import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { sameBytes } from '../../../tss-wasm/bytes.ts'
import type { PartyId } from '../../../tss-wasm/partyId.ts'
import { isLive } from '../../../tss-wasm/requests/isLive.ts'
import { assemble } from '../../jobs/signed.ts'
import { isAnsweredInReview, type Opening } from '../../state/ceremony.ts'
import { type Acting, awaitsUs, mineIn, useWaitingRequests, type WaitingRequest } from '../../state/waitingRequests.ts'
import { FailureView } from '../ceremony/FailureView.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { BackLink } from '../design/BackLink.tsx'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Notice } from '../design/Notice.tsx'
import { DoneTitle, PageTitle } from '../design/PageTitle.tsx'
import { hrefs } from '../route.ts'
import { contentSummary } from '../sign/contentSummary.ts'
import { ContentReview } from '../sign/review/ContentReview.tsx'
import { ReadingBeforeSigning } from '../sign/review/reading.tsx'
import { SignedValues } from '../sign/SignedResult.tsx'
import { SigningForm } from '../sign/SigningForm.tsx'
import { useTexts } from '../texts/useTexts.tsx'
import { endOf, memberName } from './answers.ts'
import { MemberAnswers } from './MemberAnswers.tsx'
import { RejectDialog, WithdrawDialog } from './SayingNo.tsx'

/** One request that waits: what is to be signed, what every member says of it, our own answer, and what became of it. */
export function WaitingPage({ request }: { readonly request: WaitingRequest }) {
  const texts = useTexts()
  const { requests, waiting, signed: signedTexts } = texts
  const commands = useCommands()
  const { name, wallet, opened, state } = request
  const { request: order } = opened
  const acting = useWaitingRequests((all) => all.acting[name])
  const isMine = wallet.mySeat === (order.from as number)
  const isUnanswered = isLive(state) && mineIn(request)?.answer === 'none'
  useEffect(() => {
    if (isUnanswered) void commands.tellSeen(name)
  }, [commands, name, isUnanswered])
  const signatures = state.signed?.signatures
  const signed = useMemo(() => signatures && assemble(order, { signatures }), [order, signatures])
  return (
    <ReadingBeforeSigning testId="request">
      <BackLink href={hrefs.requests}>{requests.title}</BackLink>
      {signed === undefined ? (
        <PageTitle takesFocus>{isMine ? waiting.youAsked(wallet.name) : requests.wallet(wallet.name)}</PageTitle>
      ) : (
        <div data-testid="signed">
          <DoneTitle>{signedTexts.title}</DoneTitle>
        </div>
      )}
      <Standing request={request} acting={acting} />
      {signed !== undefined && (
        <SignedValues
          order={order}
          signed={signed}
          onSent={(transaction) => {
            if (state.stage === 'signed') void commands.tellSent(name, transaction)
          }}
        />
      )}
      {order.note !== '' && (
        <Card title={waiting.noteTitle}>
          <p className="wrap-anywhere">{order.note}</p>
        </Card>
      )}
      <ContentReview order={order} wallet={wallet.name} />
      <Alternatives request={request} />
      <MemberAnswers request={request} />
      {state.failures.map(({ by, atMs, reason }) => (
        <Notice key={`${by} ${atMs}`} tone="warn">
          <p>{waiting.runFailed(memberName(wallet, by, texts), new Date(atMs), reason)}</p>
        </Notice>
      ))}
      {isLive(state) && <Answering request={request} acting={acting} />}
    </ReadingBeforeSigning>
  )
}

interface ShownProps {
  readonly request: WaitingRequest
  readonly acting: Acting | undefined
}

/** How far it is, in a sentence or two. */
function Standing({ request, acting }: ShownProps) {
  const texts = useTexts()
  const { waiting, ceremony } = texts
  const { wallet, opened, state } = request
  const { from, createdMs, expiresMs } = opened.request
  const isMine = wallet.mySeat === (from as number)
  const end = endOf(request, texts)
  const mine = mineIn(request)
  const others = state.approved.filter((seat) => seat !== (wallet.mySeat as PartyId))
  const names = texts.app.and(others.map((seat) => memberName(wallet, seat, texts)))
  const notice = ((): ReactNode => {
    if (end !== undefined) {
      const isGood = state.stage === 'signed' || state.stage === 'sent'
      return <Line tone={isGood ? 'good' : state.stage === 'rejected' ? 'bad' : 'info'} title={end} />
    }
    if (acting?.phase === 'signing') {
      const { stage } = acting
      const part = stage && ceremony.stage(stage.index + 1, stage.of, ceremony.stages[stage.name] ?? stage.name)
      return (
        <Line title={waiting.underWay}>
          {part !== undefined && (
            <>
              <progress value={stage?.index ?? 0} max={stage?.of ?? 1} aria-label={part} />
              <p>{part}</p>
            </>
          )}
        </Line>
      )
    }
    if (mine?.answer !== 'approved') return null
    if (state.stage === 'open') {
      return (
        <Line title={waiting.youApproved}>
          <p>{waiting.youApprovedText(state.needed, new Date(expiresMs))}</p>
        </Line>
      )
    }
    return acting?.phase === 'standing' ? (
      <Line title={waiting.together}>
        <p>{waiting.togetherText(wallet.threshold, names)}</p>
      </Line>
    ) : (
      <Line tone="warn" title={waiting.ready}>
        <p>{waiting.readyText}</p>
      </Line>
    )
  })()
  return (
    <>
      {end === undefined && <p>{isMine ? waiting.leadMine : waiting.lead(memberName(wallet, from, texts))}</p>}
      {notice}
      <p className="text-sm text-muted">
        {waiting.created(new Date(createdMs))}
        {end === undefined && ` · ${waiting.until(new Date(expiresMs))}`}
      </p>
      {state.withheld > 0 && <Line tone="warn" title={waiting.withheld(state.withheld)} />}
    </>
  )
}

interface LineProps {
  readonly tone?: 'info' | 'good' | 'warn' | 'bad'
  readonly title: string
  readonly children?: ReactNode
}

function Line({ tone = 'info', title, children }: LineProps) {
  return (
    <div data-testid="standing">
      <Notice tone={tone} role="status" title={title}>
        {children}
      </Notice>
    </div>
  )
}

function Alternatives({ request: { state } }: { readonly request: WaitingRequest }) {
  const texts = useTexts()
  const { byName } = useWaitingRequests()
  const others = Object.values(byName).filter(({ opened }) =>
    state.alternatives.some(({ hash }) => sameBytes(hash, opened.hash)),
  )
  if (others.length === 0) return null
  return (
    <Notice tone="warn">
      <p>{texts.waiting.alternatives}</p>
      {others.map(({ name, opened }) => (
        <p key={name}>
          <a className="font-medium text-accent-strong underline" href={hrefs.request(name)}>
            {texts.waiting.alternative(contentSummary(opened.request.content, texts))}
          </a>
        </p>
      ))}
    </Notice>
  )
}

/** Our own yes or no; later, what we can still do. */
function Answering({ request, acting }: ShownProps) {
  const { waiting } = useTexts()
  const commands = useCommands()
  const [dialog, setDialog] = useState<'reject' | 'withdraw'>()
  const { name, wallet, opened } = request
  const { from, publicKey, path, content } = opened.request
  const due = awaitsUs(request, acting?.phase === 'opening' ? undefined : acting)
  const isMine = wallet.mySeat === (from as number)
  const mine = mineIn(request)
  const isBusy = acting?.phase === 'opening' || acting?.phase === 'signing'
  const opening = openingIn(acting)
  const no =
    mine?.answer === 'rejected' ? null : (
      <Button
        look="danger"
        disabled={isBusy}
        onClick={() => {
          setDialog(isMine ? 'withdraw' : 'reject')
        }}
      >
        {isMine ? waiting.withdraw : waiting.reject}
      </Button>
    )
  return (
    <>
      {acting?.failure !== undefined && opening?.failure === undefined && (
        <FailureView
          failure={acting.failure}
          kind="sign"
          parties={wallet.seats.map(({ seat, label }) => ({ seat, name: label, presence: 'joined', received: 0 }))}
        />
      )}
      {due === undefined ? (
        <div className="flex flex-wrap gap-3">
          {acting?.phase === 'standing' && (
            <Button
              onClick={() => {
                commands.stopWaiting(name)
              }}
            >
              {waiting.stop}
            </Button>
          )}
          {no}
        </div>
      ) : (
        <SigningForm
          wallet={wallet}
          order={{ publicKey, content, ...(path && { path }) }}
          submit={due === 'answer' ? waiting.approve : waiting.sign}
          byPasskey={due === 'answer' ? waiting.approvePasskey : waiting.signPasskey}
          isReady={!isBusy}
          opening={opening}
          standsAlone
          onSign={(unlocking) => void commands.approveWaiting(name, unlocking)}
          instead={no}
        />
      )}
      {dialog === 'reject' && (
        <RejectDialog
          name={name}
          onClose={() => {
            setDialog(undefined)
          }}
        />
      )}
      {dialog === 'withdraw' && (
        <WithdrawDialog
          name={name}
          onClose={() => {
            setDialog(undefined)
          }}
        />
      )}
    </>
  )
}

/** What the form that took the passphrase has to say of it. */
function openingIn(acting: Acting | undefined): Opening | undefined {
  if (acting?.phase === 'opening') return { isOpening: true, failure: undefined }
  const { failure } = acting ?? {}
  return isAnsweredInReview(failure) ? { isOpening: false, failure } : undefined
}
