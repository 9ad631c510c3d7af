import { useRef, useState, type ReactNode, type SubmitEvent } from 'react'
import type { Outcome, Failure } from '../../../tss-wasm/failure.ts'
import { toast } from '../../state/toasts.ts'
import { FailureView } from '../ceremony/FailureView.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Dialog } from '../design/Dialog.tsx'
import { Field } from '../design/Field.tsx'
import { longestWords, oneLine } from '../sign/oneLine.ts'
import { useTexts } from '../texts/useTexts.tsx'

interface SayingNoProps {
  /** Of the request. */
  readonly name: string
  readonly onClose: () => void
}

/** A no, with its reason for all members to read. */
export function RejectDialog({ name, onClose }: SayingNoProps) {
  const { waiting } = useTexts()
  const commands = useCommands()
  const reason = useRef<HTMLInputElement>(null)
  return (
    <Telling
      title={waiting.rejectTitle}
      text={waiting.rejectText}
      yes={waiting.rejectYes}
      told={waiting.rejected}
      onClose={onClose}
      tell={() => commands.rejectWaiting(name, oneLine(reason.current?.value ?? ''))}
    >
      <Field label={waiting.reason}>
        {(control) => <input {...control} ref={reason} maxLength={longestWords} autoComplete="off" />}
      </Field>
    </Telling>
  )
}

/** Takes back one's own request. */
export function WithdrawDialog({ name, onClose }: SayingNoProps) {
  const { waiting } = useTexts()
  const commands = useCommands()
  return (
    <Telling
      title={waiting.withdrawTitle}
      text={waiting.withdrawText}
      yes={waiting.withdrawYes}
      told={waiting.withdrawn}
      onClose={onClose}
      tell={() => commands.withdraw(name)}
    />
  )
}

interface TellingProps {
  readonly title: string
  readonly text: string
  readonly yes: string
  readonly told: string
  readonly onClose: () => void
  readonly tell: () => Promise<Outcome<undefined>>
  readonly children?: ReactNode
}

function Telling({ title, text, yes, told, onClose, tell, children }: TellingProps) {
  const { app } = useTexts()
  const [state, setState] = useState<Failure | 'telling'>()
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    setState('telling')
    const outcome = await tell()
    if (!outcome.ok) {
      setState(outcome.failure)
      return
    }
    toast(told)
    onClose()
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className="grid gap-4">
        <p className="text-muted">{text}</p>
        {children}
        {typeof state === 'object' && <FailureView failure={state} kind="other" />}
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={onClose}>{app.close}</Button>
          <Button type="submit" look="danger" disabled={state === 'telling'}>
            {yes}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
