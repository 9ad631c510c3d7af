import { useState, type SubmitEvent } from 'react'
import { isName, visibleName } from '../../../tss-wasm/identity/walletName.ts'
import { Button } from '../design/Button.tsx'
import { Dialog } from '../design/Dialog.tsx'
import { NameField } from '../design/NameField.tsx'
import { useTexts } from '../texts/useTexts.tsx'

interface RenameDialogProps {
  readonly title: string
  readonly hint: string
  readonly name: string
  /** What it is called elsewhere, to go back to, where that is another name. */
  readonly original?: string | undefined
  readonly onName: (name: string) => void
  readonly onClose: () => void
}

/** Asks what this device shall call something. */
export function RenameDialog({ title, hint, name, original, onName, onClose }: RenameDialogProps) {
  const { app, names } = useTexts()
  const [typed, setTyped] = useState(name)
  const [error, setError] = useState<string>()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const wanted = visibleName(typed)
    if (isName(wanted)) onName(wanted)
    else setError(names.missing)
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit} noValidate className="grid gap-4">
        <NameField label={names.newName} hint={hint} error={error} value={typed} onChange={setTyped} />
        <div className="flex flex-wrap justify-end gap-3">
          {original !== undefined && original !== name && (
            <Button
              onClick={() => {
                onName(original)
              }}
            >
              {names.asItself(original)}
            </Button>
          )}
          <Button onClick={onClose}>{app.cancel}</Button>
          <Button type="submit" look="primary">
            {names.save}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
