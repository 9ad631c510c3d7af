import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Field } from '../design/Field.tsx'
import { useTexts } from '../texts/useTexts.tsx'

const minute = 60_000
const choices = [5, 15]

interface KeepUnlockedProps {
  /** 0: no longer than for this job. */
  readonly ms: number
  readonly onChange: (ms: number) => void
}

/** Whoever has several things to sign may type the passphrase once. Chosen each time, and remembered nowhere. */
export function KeepUnlocked({ ms, onChange }: KeepUnlockedProps) {
  const { unlocking } = useTexts()
  return (
    <Field label={unlocking.keep} {...(ms > 0 && { hint: unlocking.keepHint })}>
      {(control) => (
        <select
          {...control}
          value={ms}
          onChange={({ target }) => {
            onChange(Number(target.value))
          }}
        >
          <option value={0}>{unlocking.once}</option>
          {choices.map((minutes) => (
            <option key={minutes} value={minutes * minute}>
              {unlocking.minutes(minutes)}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

interface UnlockedUntilProps {
  readonly walletId: string
  readonly untilMs: number
}

/** In the place of the passphrase. */
export function UnlockedUntil({ walletId, untilMs }: UnlockedUntilProps) {
  const { unlocking } = useTexts()
  const { lock } = useCommands()
  return (
    <div className="flex flex-wrap items-center justify-between gap-3" role="status" data-testid="unlocked">
      <div className="grid gap-1">
        <p className="font-medium">{unlocking.until(new Date(untilMs))}</p>
        <p className="text-sm text-muted">{unlocking.text}</p>
      </div>
      <Button
        onClick={() => {
          lock(walletId)
        }}
      >
        {unlocking.lock}
      </Button>
    </div>
  )
}
