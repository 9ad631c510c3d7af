import { useState } from 'react'
import { longestImport } from '../../../tss-wasm/content/rawPsbt.ts'
import { collectPsbt } from '../../../tss-wasm/content/ur/psbtUr.ts'
import { AnimatedQrReader } from '../design/AnimatedQrReader.tsx'
import { Field, verbatim } from '../design/Field.tsx'
import { FileField } from '../design/FileField.tsx'
import type { FieldErrors } from './transactionForm.ts'
import { useTexts } from '../texts/useTexts.tsx'

interface PsbtInputProps {
  readonly text: string
  /** Whom the payment is meant for, as it is typed. */
  readonly payee: string
  readonly errors: Pick<FieldErrors, 'psbt' | 'payee'>
  readonly onChange: (change: { readonly psbt: string } | { readonly payee: string }) => void
}

const megabyte = 1024 * 1024

/** A PSBT as text, pasted, read from a file, or from another program's animated QR code. */
export function PsbtInput({ text, payee, errors, onChange }: PsbtInputProps) {
  const { sign } = useTexts()
  const take = (psbt: string) => {
    onChange({ psbt })
  }
  const [tooLarge, setTooLarge] = useState<string>()
  const open = async (file: File | undefined) => {
    if (file === undefined) return
    // In base64 a file is a third longer.
    const isTooLarge = file.size > 2 * longestImport
    setTooLarge(isTooLarge ? file.name : undefined)
    if (isTooLarge) return
    const bytes = new Uint8Array(await file.arrayBuffer())
    // A file holds the bytes themselves, or the text of them.
    const isBinary = bytes[0] === 0x70 && bytes[4] === 0xff
    take(isBinary ? base64(bytes) : new TextDecoder().decode(bytes))
  }
  const most = (longestImport / megabyte).toString()
  return (
    <>
      <Field label={sign.psbt} hint={sign.psbtHint} error={errors.psbt}>
        {({ className, ...control }) => (
          <textarea
            {...control}
            className={`${className} font-mono break-all`}
            rows={6}
            {...verbatim}
            value={text}
            onChange={({ target }) => {
              take(target.value)
            }}
          />
        )}
      </Field>
      <FileField
        label={sign.psbtFile}
        accept=".psbt,.txt"
        error={tooLarge === undefined ? undefined : sign.fileTooLarge(tooLarge, most)}
        file={undefined}
        onFile={(file) => void open(file)}
      />
      <AnimatedQrReader
        collect={collectPsbt}
        foreign={sign.psbtForeign}
        onBytes={(psbt) => {
          take(base64(psbt))
        }}
      />
      <Field label={sign.payee} hint={sign.payeeHint} error={errors.payee}>
        {({ className, ...control }) => (
          <input
            {...control}
            className={`${className} font-mono`}
            {...verbatim}
            value={payee}
            onChange={({ target }) => {
              onChange({ payee: target.value })
            }}
          />
        )}
      </Field>
    </>
  )
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
