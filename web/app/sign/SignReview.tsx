import { useState } from 'react'
import type { SigningOrder } from '../../../tss-wasm/content/signing.ts'
import type { WalletRecord, WalletSeat } from '../../platform/shareStore.ts'
import { ContentReview } from './review/ContentReview.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Choice } from '../design/Choice.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { SigningForm } from './SigningForm.tsx'
import { useTexts } from '../texts/useTexts.tsx'

interface SignReviewProps {
  readonly wallet: WalletRecord
  readonly order: SigningOrder
  readonly onEdit: () => void
}

/** What is signed comes first, then who signs along, and only then the passphrase. */
export function SignReview({ wallet, order, onEdit }: SignReviewProps) {
  const { passkey, sign: texts } = useTexts()
  const commands = useCommands()
  const others = wallet.seats.filter(({ seat, signingKey }) => seat !== wallet.mySeat && signingKey.length > 0)
  const needed = wallet.threshold - 1
  const [chosen, setChosen] = useState(() => usual(others, needed))
  const isEnough = chosen.length >= needed
  return (
    <div className="grid gap-5">
      <PageTitle takesFocus>{texts.reviewTitle}</PageTitle>
      <ContentReview order={order} />
      <SigningForm
        wallet={wallet}
        order={order}
        submit={texts.submit}
        byPasskey={passkey.sign}
        isReady={isEnough}
        onSign={(unlocking) => {
          const coSigners = others.filter(({ seat }) => chosen.includes(seat))
          void commands.sign(wallet, order, coSigners, unlocking)
        }}
        instead={<Button onClick={onEdit}>{texts.edit}</Button>}
      >
        <fieldset className="mb-5">
          <legend className="mb-2 text-sm font-medium">{texts.coSigner}</legend>
          <div className="grid gap-2 sm:grid-cols-2">
            {others.map(({ seat, label }) => (
              <Choice
                key={seat}
                type="checkbox"
                name="co-signer"
                checked={chosen.includes(seat)}
                onChange={() => {
                  setChosen(toggled(chosen, seat))
                }}
              >
                {label}
              </Choice>
            ))}
          </div>
          <p className="mt-2 text-sm text-muted">{texts.coSignerHint(needed)}</p>
          {!isEnough && (
            <p role="alert" className="mt-1 text-sm font-medium text-bad">
              {texts.coSignerMissing(needed)}
            </p>
          )}
        </fieldset>
      </SigningForm>
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
