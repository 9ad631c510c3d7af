import type { Failure } from '../../../tss-wasm/failure.ts'
import type { Step } from '../../jobs/ceremony.ts'
import type { PartyView } from '../../state/ceremony.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { DownloadButton } from '../design/DownloadButton.tsx'
import { ErrorIcon, InfoIcon } from '../design/icons.tsx'
import { Summary } from '../design/Summary.tsx'
import { type FailureContext, failureText, isSignedByOthers, technical } from './failureTexts.ts'
import { partyName } from './partyName.ts'
import { useTexts } from '../texts/useTexts.tsx'

interface FailureViewProps {
  readonly failure: Failure
  readonly kind: FailureContext['kind']
  readonly during?: Step
  readonly mayBeSigned?: boolean | undefined
  readonly parties?: readonly PartyView[]
  readonly onRetry?: (() => void) | undefined
  readonly retry?: string
}

/** What happened, what it means for the money, what to do now; the check that failed is one click away. */
export function FailureView({ failure, kind, during, mayBeSigned, parties = [], onRetry, retry }: FailureViewProps) {
  const texts = useTexts()
  const { app } = texts
  const nameOf = (seat: number) => partyName(parties.find((known) => known.seat === seat) ?? { seat, name: '' }, app)
  const names = (seats: readonly number[]) => app.and(seats.map(nameOf))
  const text = failureText(failure, { kind, during, mayBeSigned, parties: names }, texts)
  const calm = (failure.kind === 'cancelled' && mayBeSigned !== true) || isSignedByOthers(failure)
  const Icon = calm ? InfoIcon : ErrorIcon
  return (
    <Card className={calm ? '' : 'border-bad/50'}>
      <div role="alert" data-testid="failure" data-kind={failure.kind} className="flex gap-4">
        <Icon className={`mt-1 size-6 ${calm ? 'text-muted' : 'text-bad'}`} />
        <div className="grid min-w-0 flex-1 gap-2">
          <h2 className="text-lg font-semibold">{text.title}</h2>
          <p>{text.what}</p>
          <p className="font-medium">{text.money}</p>
          <p>{text.now}</p>
          {failure.kind === 'misbehaviour' && failure.evidence !== undefined && (
            <div className="grid gap-2 justify-items-start">
              <p>{texts.failures.evidence.text}</p>
              <DownloadButton what={texts.failures.evidence.name} name="evidence.json" content={failure.evidence} />
            </div>
          )}
          <details className="text-sm text-muted">
            <Summary>{app.technical}</Summary>
            <code className="mt-1 block font-mono">{technical(failure)}</code>
          </details>
          {onRetry !== undefined && (
            <Button className="mt-2 justify-self-start" onClick={onRetry}>
              {retry ?? app.tryAgain}
            </Button>
          )}
        </div>
      </div>
    </Card>
  )
}
