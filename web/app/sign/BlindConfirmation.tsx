import { useState, type ReactNode } from 'react'
import type { SigningContent } from '../../../tss-wasm/content/content.ts'
import { Card } from '../design/Card.tsx'
import { Field, verbatim } from '../design/Field.tsx'
import { useTexts } from '../texts/useTexts.tsx'

interface BlindConfirmation {
  /** To be shown before the passphrase; nothing where the content can be read. */
  readonly field: ReactNode
  readonly isConfirmed: boolean
}

/** What nobody can read is signed only by somebody who has typed that they know it. */
export function useBlindConfirmation({ type }: SigningContent): BlindConfirmation {
  const { blind } = useTexts()
  const [typed, setTyped] = useState('')
  if (type !== 'raw-digest') return { field: null, isConfirmed: true }
  const field = (
    <Card>
      <Field label={blind.confirm(blind.phrase)}>
        {(control) => (
          <input
            {...control}
            {...verbatim}
            value={typed}
            onChange={({ target }) => {
              setTyped(target.value)
            }}
          />
        )}
      </Field>
    </Card>
  )
  return { field, isConfirmed: typed.trim().toLowerCase() === blind.phrase.toLowerCase() }
}
