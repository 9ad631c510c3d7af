import { useRef, useState, type SubmitEvent } from 'react'
import type { SigningOrder } from '../../tss-wasm/content/signing.ts'
import type { WalletRecord, WalletSeat } from '../platform/shareStore.ts'
import { isRunning, useCeremony } from '../state/ceremony.ts'
import { ContentReview } from './review/ContentReview.tsx'
import { useCommands } from './commands.ts'
import { useBlindConfirmation } from './BlindConfirmation.tsx'
import { Button } from './design/Button.tsx'
import { Card } from './design/Card.tsx'
import { Notice } from './design/Notice.tsx'
import { PageTitle } from './PageTitle.tsx'
import { normalized, takePassphrase } from './passphrase.ts'
import { PassphraseField } from './PassphraseField.tsx'
import { useTexts } from './useTexts.tsx'

interface SignReviewProps {
  readonly wallet: WalletRecord
  readonly order: SigningOrder
  readonly onEdit: () => void
}

/** What is signed comes first, then who signs along, and only then the passphrase. */
export function SignReview({ wallet, order, onEdit }: SignReviewProps) {
  const { create, sign: texts } = useTexts()
  const commands = useCommands()
  const busy = useCeremony((state) => isRunning(state.current))
  const others = wallet.seats.filter(({ seat, signingKey }) => seat !== wallet.mySeat && signingKey.length > 0)
  const needed = wallet.threshold - 1
  const [chosen, setChosen] = useState(() => usual(others, needed))
  const passphrase = useRef<HTMLInputElement>(null)
  const [missing, setMissing] = useState(false)
  const blind = useBlindConfirmation(order.content)

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const empty = normalized(passphrase.current) === ''
    setMissing(empty)
    if (empty) {
      passphrase.current?.focus()
      return
    }
    const coSigners = others.filter(({ seat }) => chosen.includes(seat))
    void commands.sign(wallet, order, coSigners, takePassphrase(passphrase.current))
  }

  return (
    <div className="grid gap-5">
      <PageTitle takesFocus>{texts.reviewTitle}</PageTitle>
      <ContentReview order={order} />
      <form onSubmit={submit} noValidate className="grid gap-5">
        {blind.field}
        <Card>
          <fieldset className="mb-5">
            <legend className="mb-2 text-sm font-medium">{texts.coSigner}</legend>
            <div className="grid gap-2 sm:grid-cols-2">
              {others.map(({ seat, label }) => (
                <label
                  key={seat}
                  className="flex min-h-11 cursor-pointer items-center gap-2.5 rounded-xl border border-control px-3 has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
                >
                  <input
                    type="checkbox"
                    name="co-signer"
                    className="size-4 accent-accent"
                    checked={chosen.includes(seat)}
                    onChange={() => {
                      setChosen(toggled(chosen, seat))
                    }}
                  />
                  {label}
                </label>
              ))}
            </div>
            <p className="mt-2 text-sm text-muted">{texts.coSignerHint(needed)}</p>
            {chosen.length < needed && (
              <p role="alert" className="mt-1 text-sm font-medium text-bad">
                {texts.coSignerMissing(needed)}
              </p>
            )}
          </fieldset>
          <PassphraseField
            label={texts.passphrase}
            error={missing ? texts.invalid.required : undefined}
            field={passphrase}
            account={wallet.name}
            autoComplete="current-password"
          />
        </Card>
        {busy && <Notice tone="warn">{create.busy}</Notice>}
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="primary" disabled={busy || chosen.length < needed || !blind.isConfirmed}>
            {texts.submit}
          </Button>
          <Button onClick={onEdit}>{texts.edit}</Button>
        </div>
      </form>
    </div>
  )
}

/** Server parties answer at once, so they are asked first; people where there are not enough of those. */
function usual(others: readonly WalletSeat[], needed: number): number[] {
  const servers = others.filter(({ serverParty }) => serverParty !== undefined)
  const people = others.filter(({ serverParty }) => serverParty === undefined)
  return (servers.length >= needed ? servers.slice(0, needed) : [...servers, ...people]).map(({ seat }) => seat)
}

function toggled(chosen: readonly number[], seat: number): number[] {
  return chosen.includes(seat) ? chosen.filter((other) => other !== seat) : [...chosen, seat]
}
