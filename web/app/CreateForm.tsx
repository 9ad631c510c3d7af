import { useEffect, useRef, useState, type SubmitEvent } from 'react'
import type { PinnedParty } from '../../proto/client/serverParties.ts'
import { fingerprint } from '../../tss-wasm/identity/identity.ts'
import { isRunning, useCeremony } from '../state/ceremony.ts'
import { usePreparation } from '../state/preparation.ts'
import { useCommands } from './commands.ts'
import { Button } from './design/Button.tsx'
import { Card } from './design/Card.tsx'
import { Field } from './design/Field.tsx'
import { DeviceIcon, ServerIcon } from './design/icons.tsx'
import { Notice } from './design/Notice.tsx'
import { normalized, takePassphrase } from './passphrase.ts'
import { PassphraseField } from './PassphraseField.tsx'
import { strengthMeter, type Score, type StrengthMeter } from './strength.ts'
import { useTexts } from './useTexts.ts'

const shortestPassphrase = 10
const weakestScore = 2
const longestName = 60

interface Errors {
  readonly name?: string
  readonly passphrase?: string
  readonly repeat?: string
}

export function CreateForm({ serverParties }: { readonly serverParties: readonly PinnedParty[] }) {
  const { create } = useTexts()
  const commands = useCommands()
  const busy = useCeremony((state) => isRunning(state.current))
  const preparation = usePreparation()
  const name = useRef<HTMLInputElement>(null)
  const passphrase = useRef<HTMLInputElement>(null)
  const repeat = useRef<HTMLInputElement>(null)
  const [score, measure] = useStrength()
  const [errors, setErrors] = useState<Errors>({})

  const check = async (): Promise<Errors> => {
    const label = name.current?.value.trim() ?? ''
    const secret = normalized(passphrase.current)
    const isShort = secret.length < shortestPassphrase
    const isWeak = !isShort && ((await measure(secret)) ?? weakestScore) < weakestScore
    return {
      ...(label === '' ? { name: create.nameMissing } : label.length > longestName ? { name: create.nameLong } : {}),
      ...(isShort ? { passphrase: create.tooShort } : isWeak ? { passphrase: create.tooWeak } : {}),
      ...(secret === normalized(repeat.current) ? {} : { repeat: create.different }),
    }
  }

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const found = await check()
    setErrors(found)
    const wrong = found.name ? name : found.passphrase ? passphrase : found.repeat ? repeat : undefined
    if (wrong !== undefined) {
      wrong.current?.focus()
      return
    }
    const bytes = takePassphrase(passphrase.current)
    takePassphrase(repeat.current).fill(0)
    await commands.create(name.current?.value.trim() ?? '', serverParties, bytes)
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
      <Card>
        <Field label={create.name} hint={create.nameHint} error={errors.name}>
          {(control) => <input {...control} ref={name} name="wallet-name" maxLength={longestName} autoComplete="off" />}
        </Field>
      </Card>
      <Card title={create.who}>
        <p className="mb-3 text-muted">{create.whoHint}</p>
        <Parties serverParties={serverParties} />
      </Card>
      <Card title={create.meaningTitle}>
        <dl className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
          {create.meaning.map(([situation, consequence]) => (
            <div key={situation}>
              <dt className="font-medium">{situation}</dt>
              <dd className="text-sm text-muted">{consequence}</dd>
            </div>
          ))}
        </dl>
      </Card>
      <Card>
        <div className="grid gap-5">
          <div>
            <PassphraseField
              label={create.passphrase}
              hint={create.passphraseHint}
              error={errors.passphrase}
              field={passphrase}
              autoComplete="new-password"
              onInput={(value) => void measure(value)}
            />
            <Strength score={score} />
          </div>
          <PassphraseField label={create.repeat} error={errors.repeat} field={repeat} autoComplete="new-password" />
        </div>
      </Card>
      {preparation.state === 'searching' && <Notice>{create.preparing(preparation.progress?.found ?? 0)}</Notice>}
      {busy && <Notice tone="warn">{create.busy}</Notice>}
      <Button type="submit" look="primary" disabled={busy} className="justify-self-start">
        {create.submit}
      </Button>
    </form>
  )
}

function Parties({ serverParties }: { readonly serverParties: readonly PinnedParty[] }) {
  const { app, create } = useTexts()
  return (
    <ul className="divide-y divide-line border-y border-line">
      <li className="flex gap-3 py-3">
        <DeviceIcon className="mt-0.5 size-5 text-accent" />
        <div>
          <p className="font-medium">{app.thisDevice}</p>
          <p className="text-sm text-muted">{create.you}</p>
        </div>
      </li>
      {serverParties.map(({ name, identity }) => (
        <li key={name} className="flex gap-3 py-3">
          <ServerIcon className="mt-0.5 size-5 text-accent" />
          <div className="min-w-0">
            <p className="font-medium">{name}</p>
            <p className="text-sm text-muted">{create.server}</p>
            <p className="text-sm text-muted">
              {create.fingerprint}: <span className="font-mono">{fingerprint(identity)}</span>
            </p>
          </div>
        </li>
      ))}
    </ul>
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
    meter.current ??= strengthMeter()
    const found = passphrase === '' ? undefined : await meter.current.score(passphrase)
    if (latest.current === passphrase) setScore(found)
    return found
  }
  return [score, measure]
}

const strengthLooks = ['bg-bad', 'bg-bad', 'bg-warn', 'bg-good', 'bg-good']

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
