import { useState, type ReactNode } from 'react'
import type { SigningOrder } from '../../../tss-wasm/content/signing.ts'
import type { Failure } from '../../../tss-wasm/failure.ts'
import type { Unlocking } from '../../jobs/unlock.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { isAnsweredInReview, type Opening } from '../../state/ceremony.ts'
import { toast } from '../../state/toasts.ts'
import { FailureView } from '../ceremony/FailureView.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { Field } from '../design/Field.tsx'
import { hrefs } from '../route.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { longestWords, oneLine } from './oneLine.ts'

const hourMs = 3600_000
const lives = [hourMs, 24 * hourMs, 3 * 24 * hourMs, 7 * 24 * hourMs]
const usualMs = 3 * 24 * hourMs

interface AskingForm {
  /** Of the share, where its passphrase was tried. */
  readonly opening: Opening | undefined
  readonly isAsking: boolean
  readonly ask: (unlocking: Unlocking) => Promise<void>
  /** How long it waits, and what for. */
  readonly fields: ReactNode
  /** What the form for the passphrase does not say itself. */
  readonly failure: ReactNode
}

/** A request that is left for the other members; once it lies there, its page is shown. */
export function useAsking(wallet: WalletRecord, order: SigningOrder): AskingForm {
  const texts = useTexts()
  const { waiting } = texts
  const commands = useCommands()
  const [lifeMs, setLife] = useState(usualMs)
  const [note, setNote] = useState('')
  const [state, setState] = useState<Failure | 'asking'>()
  const failure = typeof state === 'object' ? state : undefined
  const isInForm = isAnsweredInReview(failure)
  return {
    isAsking: state === 'asking',
    opening:
      state === 'asking'
        ? { isOpening: true, failure: undefined }
        : isInForm
          ? { isOpening: false, failure }
          : undefined,
    async ask(unlocking) {
      setState('asking')
      const asked = await commands.ask({ wallet, order, note: oneLine(note), lifeMs }, unlocking)
      if (!asked.ok) {
        setState(asked.failure)
        return
      }
      toast(waiting.asked)
      location.hash = hrefs.request(asked.value)
    },
    fields: (
      <div className="mb-5 grid gap-5">
        <Field label={waiting.note} hint={waiting.noteHint}>
          {(control) => (
            <input
              {...control}
              maxLength={longestWords}
              autoComplete="off"
              value={note}
              onChange={({ target }) => {
                setNote(target.value)
              }}
            />
          )}
        </Field>
        <Field label={waiting.life}>
          {(control) => (
            <select
              {...control}
              value={lifeMs}
              onChange={({ target }) => {
                setLife(Number(target.value))
              }}
            >
              {lives.map((each) => (
                <option key={each} value={each}>
                  {lifeText(each, texts)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
    ),
    failure: failure !== undefined && !isInForm && <FailureView failure={failure} kind="sign" />,
  }
}

function lifeText(milliseconds: number, { waiting: { lives: words } }: Texts): string {
  const days = milliseconds / (24 * hourMs)
  if (days < 1) return words.hour
  return days === 1 ? words.day : words.days(days)
}
