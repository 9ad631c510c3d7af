import { useMemo, useState } from 'react'
import { signatureCount, type SigningOrder } from '../../../tss-wasm/content/signing.ts'
import { hasPeople, membershipIn } from '../../jobs/membership.ts'
import type { Unlocking } from '../../jobs/unlock.ts'
import type { WalletRecord, WalletSeat } from '../../platform/shareStore.ts'
import type { Opening } from '../../state/ceremony.ts'
import { visible } from '../../../tss-wasm/content/visibleText.ts'
import { Notice } from '../design/Notice.tsx'
import { Foretold } from './Foretold.tsx'
import { ReadingBeforeSigning } from './review/reading.tsx'
import { ContentReview } from './review/ContentReview.tsx'
import { useAsking } from './useAsking.tsx'
import { Button } from '../design/Button.tsx'
import { Choice } from '../design/Choice.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { SigningForm } from './SigningForm.tsx'
import { useTexts } from '../texts/useTexts.tsx'

interface SignReviewProps {
  readonly wallet: WalletRecord
  readonly order: SigningOrder
  readonly opening: Opening | undefined
  /** Names of what was given and is no part of what is signed. */
  readonly leftOut: readonly string[]
  /** Hash of the transaction whose place it takes. */
  readonly replaces: string | undefined
  /** Now, with these. */
  readonly onSign: (coSigners: readonly WalletSeat[], unlocking: Unlocking) => void
  readonly onEdit: () => void
}

/** What is signed comes first, then how the others are asked, and only then the passphrase. */
export function SignReview({ wallet, order, opening, leftOut, replaces, onSign, onEdit }: SignReviewProps) {
  const { passkey, send, sign: texts, waiting } = useTexts()
  // An import may not say who all the others are: then there is nobody to leave a request for.
  const canAsk = hasPeople(wallet) && membershipIn(wallet) !== undefined
  const [how, setHow] = useState<'ask' | 'now'>(canAsk ? 'ask' : 'now')
  const others = wallet.seats.filter(({ seat, signingKey }) => seat !== wallet.mySeat && signingKey.length > 0)
  const needed = wallet.threshold - 1
  const [chosen, setChosen] = useState(() => usual(others, needed))
  const asking = useAsking(wallet, order)
  const signatures = useMemo(() => signatureCount(order.content), [order])
  const edit = (
    <Button disabled={opening?.isOpening === true || asking.isAsking} onClick={onEdit}>
      {texts.edit}
    </Button>
  )
  const hows = canAsk && (
    <fieldset className="mb-5">
      <legend className="mb-2 text-sm font-medium">{waiting.how}</legend>
      <div className="grid gap-2">
        {(['ask', 'now'] as const).map((each) => (
          <Choice
            key={each}
            type="radio"
            name="how"
            checked={how === each}
            onChange={() => {
              setHow(each)
            }}
          >
            {waiting[each]}
          </Choice>
        ))}
      </div>
      <p className="mt-2 text-sm text-muted">{how === 'ask' ? waiting.askHint : waiting.nowHint}</p>
    </fieldset>
  )
  return (
    <ReadingBeforeSigning>
      <PageTitle takesFocus>{texts.reviewTitle}</PageTitle>
      {leftOut.length > 0 && <Notice tone="warn">{texts.leftOut(leftOutText(leftOut))}</Notice>}
      {signatures > fewSignatures && (
        <Notice tone="warn">{texts.manyInputs(signatures.toString(), (signatures * secondsEach).toFixed(0))}</Notice>
      )}
      {replaces !== undefined && <Notice tone="warn">{send.replacing(replaces)}</Notice>}
      <ContentReview order={order} wallet={wallet.name} />
      <Foretold wallet={wallet} order={order} seats={how === 'ask' ? others.map(({ seat }) => seat) : chosen} />
      {how === 'ask' ? (
        <SigningForm
          key="ask"
          wallet={wallet}
          order={order}
          submit={waiting.submit}
          byPasskey={waiting.byPasskey}
          opening={asking.opening}
          isReady={!asking.isAsking}
          standsAlone
          onSign={(unlocking) => void asking.ask(unlocking)}
          instead={edit}
        >
          {hows}
          {asking.fields}
        </SigningForm>
      ) : (
        <SigningForm
          key="now"
          wallet={wallet}
          order={order}
          submit={texts.submit}
          byPasskey={passkey.sign}
          opening={opening}
          isReady={chosen.length >= needed}
          onSign={(unlocking) => {
            onSign(
              others.filter(({ seat }) => chosen.includes(seat)),
              unlocking,
            )
          }}
          instead={edit}
        >
          {hows}
          <CoSigners others={others} needed={needed} chosen={chosen} onChoose={setChosen} />
        </SigningForm>
      )}
      {asking.failure}
    </ReadingBeforeSigning>
  )
}

interface CoSignersProps {
  readonly others: readonly WalletSeat[]
  readonly needed: number
  /** Their seats. */
  readonly chosen: number[]
  readonly onChoose: (chosen: number[]) => void
}

function CoSigners({ others, needed, chosen, onChoose }: CoSignersProps) {
  const { sign: texts } = useTexts()
  return (
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
              onChoose(toggled(chosen, seat))
            }}
          >
            {label}
          </Choice>
        ))}
      </div>
      <p className="mt-2 text-sm text-muted">{texts.coSignerHint(needed)}</p>
      {chosen.length < needed && (
        <p role="alert" className="mt-1 text-sm font-medium text-bad">
          {texts.coSignerMissing(needed)}
        </p>
      )}
    </fieldset>
  )
}

/** Of a payment, which takes one for each of its inputs, one after the other. */
const fewSignatures = 20
const secondsEach = 0.5
const mostLeftOut = 20

function leftOutText(names: readonly string[]): string {
  const shown = names.slice(0, mostLeftOut).map((name) => visible(name.slice(0, 80)).text)
  return shown.join(', ') + (names.length > mostLeftOut ? ' …' : '')
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
