import { useEffect, useRef, useState, type RefObject } from 'react'
import { weaknessOf } from './acceptable.ts'
import { normalized, takePassphrase } from './passphrase.ts'
import { PassphraseField } from './PassphraseField.tsx'
import { strengthMeter, type Score, type StrengthMeter } from './strength.ts'
import { useTexts } from '../texts/useTexts.tsx'

interface Errors {
  readonly passphrase?: string
  readonly repeat?: string
}

export interface NewPassphraseForm {
  readonly fields: {
    readonly passphrase: RefObject<HTMLInputElement | null>
    readonly repeat: RefObject<HTMLInputElement | null>
    readonly score: Score | undefined
    readonly measure: (passphrase: string) => void
    readonly errors: Errors
  }
  /** Whether it will do; shows what is wrong. False for whoever asks while it is being found out. */
  check(): Promise<boolean>
  /** The bytes, once; both inputs are empty afterwards. */
  take(): Uint8Array<ArrayBuffer>
}

/** A passphrase that is chosen now: typed twice, measured. */
export function useNewPassphrase(): NewPassphraseForm {
  const { create } = useTexts()
  const passphrase = useRef<HTMLInputElement>(null)
  const repeat = useRef<HTMLInputElement>(null)
  const [score, measure] = useStrength()
  const [errors, setErrors] = useState<Errors>({})
  const isChecking = useRef(false)
  const problems = async (): Promise<Errors> => {
    const secret = normalized(passphrase.current)
    const weakness = await weaknessOf(secret, measure)
    return {
      ...(weakness && { passphrase: create.weak[weakness] }),
      ...(secret === normalized(repeat.current) ? {} : { repeat: create.different }),
    }
  }
  return {
    fields: { passphrase, repeat, score, measure: (typed) => void measure(typed), errors },
    async check() {
      if (isChecking.current) return false // of a double click the first counts
      isChecking.current = true
      try {
        const found = await problems()
        setErrors(found)
        return Object.keys(found).length === 0
      } finally {
        isChecking.current = false
      }
    },
    take() {
      takePassphrase(repeat.current).fill(0)
      void measure('')
      return takePassphrase(passphrase.current)
    },
  }
}

interface NewPassphraseFieldsProps {
  /** What it is for, where it is not for this device. */
  readonly label?: string
  readonly hint?: string
}

export function NewPassphraseFields({
  passphrase,
  repeat,
  score,
  measure,
  errors,
  label,
  hint,
}: NewPassphraseForm['fields'] & NewPassphraseFieldsProps) {
  const { create } = useTexts()
  return (
    <div className="grid gap-5">
      <div>
        <PassphraseField
          label={label ?? create.passphrase}
          hint={hint ?? create.passphraseHint}
          error={errors.passphrase}
          field={passphrase}
          autoComplete="new-password"
          onInput={measure}
        />
        <Strength score={score} />
      </div>
      <PassphraseField label={create.repeat} error={errors.repeat} field={repeat} autoComplete="new-password" />
    </div>
  )
}

/** The meter starts with the first key stroke. `measure` shows what it finds, unless it is out of date by then. */
function useStrength(): [Score | undefined, (passphrase: string) => Promise<Score | undefined>] {
  const [score, setScore] = useState<Score>()
  const meter = useRef<StrengthMeter>(undefined)
  const latest = useRef('')
  useEffect(
    () => () => {
      meter.current?.[Symbol.dispose]()
      meter.current = undefined
      latest.current = ''
    },
    [],
  )
  const measure = async (passphrase: string) => {
    latest.current = passphrase
    const found = passphrase === '' ? undefined : await (meter.current ??= strengthMeter()).score(passphrase)
    if (latest.current === passphrase) setScore(found)
    return found
  }
  return [score, measure]
}

const strengthLooks = ['bg-bad', 'bg-bad', 'bg-warn', 'bg-good', 'bg-good'] // what is good is accepted

/** The space for it is there from the start, so that nothing jumps at the first key stroke. */
function Strength({ score }: { readonly score: Score | undefined }) {
  const { create } = useTexts()
  return (
    <div className="mt-2 grid gap-1" data-testid="strength" data-score={score}>
      <div aria-hidden="true" className="grid grid-cols-4 gap-1.5">
        {[1, 2, 3, 4].map((step) => (
          <span
            key={step}
            className={`h-1.5 rounded-full ${score !== undefined && Math.max(score, 1) >= step ? (strengthLooks[score] ?? '') : 'bg-sunken'}`}
          />
        ))}
      </div>
      <p role="status" className="min-h-5 text-sm text-muted">
        {score !== undefined && `${create.strength}: ${create.strengths[score]}`}
      </p>
    </div>
  )
}
