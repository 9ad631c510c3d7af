import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Field } from '../design/Field.tsx'
import { Notice } from '../design/Notice.tsx'
import { useTexts } from '../texts/useTexts.tsx'

interface ThresholdProps {
  readonly threshold: number
  readonly count: number
  readonly onChange: (threshold: number) => void
  /** How many of them are servers. */
  readonly servers: number
}

/** How many sign together, and what that means for the money. */
export function Threshold({ threshold, count, servers, onChange }: ThresholdProps) {
  const { create } = useTexts()
  const parties = Math.max(count, 2)
  return (
    <Card title={create.meaningTitle(threshold, parties)}>
      <ThresholdField threshold={threshold} parties={parties} onChange={onChange} />
      {servers >= threshold && (
        <ServersAlone threshold={threshold} servers={servers} count={count} onChange={onChange} />
      )}
      <Meaning threshold={threshold} count={parties} />
    </Card>
  )
}

interface ThresholdFieldProps {
  readonly threshold: number
  readonly parties: number
  readonly onChange: (threshold: number) => void
}

function ThresholdField({ threshold, parties, onChange }: ThresholdFieldProps) {
  const { create } = useTexts()
  const choices = Array.from({ length: parties - 1 }, (_, i) => i + 2)
  return (
    <div className="mb-5 max-w-60">
      <Field label={create.threshold}>
        {(control) => (
          <select
            {...control}
            value={threshold}
            onChange={({ target }) => {
              onChange(Number(target.value))
            }}
          >
            {choices.map((choice) => (
              <option key={choice} value={choice}>
                {create.ofParties(choice, parties)}
              </option>
            ))}
          </select>
        )}
      </Field>
    </div>
  )
}

/** Nothing is signed by policies alone unless somebody wants that, and knows it. */
function ServersAlone({ threshold, servers, count, onChange }: ThresholdProps) {
  const { create } = useTexts()
  const safe = servers + 1
  return (
    <div className="mb-5" data-testid="servers-alone">
      <Notice tone="warn" role="status" title={create.serversAlone(threshold)}>
        <p>{create.serversAloneNow(safe, count)}</p>
        <Button
          className="mt-1 justify-self-start"
          onClick={() => {
            onChange(safe)
          }}
        >
          {create.choose(safe, count)}
        </Button>
      </Notice>
    </div>
  )
}

function Meaning({ threshold, count }: { readonly threshold: number; readonly count: number }) {
  const { create } = useTexts()
  return (
    <dl className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
      {create.meaning(threshold, count).map(([situation, consequence]) => (
        <div key={situation}>
          <dt className="font-medium">{situation}</dt>
          <dd className="text-sm text-muted">{consequence}</dd>
        </div>
      ))}
    </dl>
  )
}
