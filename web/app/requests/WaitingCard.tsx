import { isLive } from '../../../tss-wasm/requests/isLive.ts'
import { type Acting, awaitsUs, type WaitingRequest } from '../../state/waitingRequests.ts'
import { LinkButton } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { hrefs } from '../route.ts'
import { contentSummary } from '../sign/contentSummary.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { endOf, memberName } from './answers.ts'

interface WaitingCardProps {
  readonly request: WaitingRequest
  readonly acting: Acting | undefined
}

/** One request in the list: who asks what, how far it is, and what is to be done. */
export function WaitingCard({ request, acting }: WaitingCardProps) {
  const texts = useTexts()
  const { waiting, requests } = texts
  const { name, wallet, opened, state } = request
  const { from, content, note, expiresMs } = opened.request
  const isMine = wallet.mySeat === (from as number)
  const end = endOf(request, texts)
  const due = awaitsUs(request, acting)
  return (
    <Card>
      <div
        className="flex flex-col items-start gap-4 sm:flex-row sm:items-center sm:justify-between"
        data-testid={`waiting-${name}`}
        data-stage={state.stage}
      >
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h3 className="text-lg font-semibold">
              {isMine ? waiting.youAsk : requests.from(memberName(wallet, from, texts))}
            </h3>
            <Badge request={request} acting={acting} />
          </div>
          <p className="mt-1 wrap-anywhere">{contentSummary(content, texts)}</p>
          {note !== '' && <p className="wrap-anywhere">{waiting.because(note)}</p>}
          {due === 'sign' && <p className="font-medium text-warn">{waiting.readyShort}</p>}
          <p className="text-sm text-muted">
            {requests.wallet(wallet.name)} · {end ?? waiting.until(new Date(expiresMs))}
          </p>
        </div>
        <LinkButton look={due === undefined ? 'secondary' : 'primary'} className="shrink-0" href={hrefs.request(name)}>
          {due === undefined ? waiting.look : waiting.open}
        </LinkButton>
      </div>
    </Card>
  )
}

export function Badge({ request, acting }: WaitingCardProps) {
  const texts = useTexts()
  const look = !isLive(request.state)
    ? (ended[request.state.stage] ?? 'bg-sunken text-muted')
    : request.state.stage === 'ready'
      ? 'bg-accent-soft text-accent-strong'
      : 'bg-sunken text-muted'
  return (
    <span className={`rounded-full px-2.5 py-0.5 text-xs font-medium whitespace-nowrap ${look}`}>
      {badgeText(request, acting, texts)}
    </span>
  )
}

const ended: Partial<Record<WaitingRequest['state']['stage'], string>> = {
  signed: 'bg-good-soft text-good',
  sent: 'bg-good-soft text-good',
  rejected: 'bg-bad-soft text-bad',
}

function badgeText({ wallet, state }: WaitingRequest, acting: Acting | undefined, { waiting }: Texts): string {
  if (isLive(state) && acting?.phase === 'signing') return waiting.signing
  if (state.stage === 'open') return waiting.approvedOf(state.approved.length, wallet.threshold)
  return waiting.stages[state.stage]
}
