import { longestPsbt } from '../../../tss-wasm/content/rawPsbt.ts'
import { Field } from '../design/Field.tsx'
import { useTexts } from '../texts/useTexts.tsx'

interface PsbtInputProps {
  readonly text: string
  readonly error: string | undefined
  readonly onChange: (text: string) => void
}

/** A PSBT as text, pasted or read from a file. */
export function PsbtInput({ text, error, onChange }: PsbtInputProps) {
  const { sign } = useTexts()
  const open = async (file: File | undefined) => {
    if (file === undefined) return
    if (file.size > 2 * longestPsbt) {
      onChange(file.name) // no PSBT, and said to be none
      return
    }
    const bytes = new Uint8Array(await file.arrayBuffer())
    // A file holds the bytes themselves, or the text of them.
    const isBinary = bytes[0] === 0x70 && bytes[4] === 0xff
    onChange(
      isBinary
        ? btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
        : new TextDecoder().decode(bytes),
    )
  }
  return (
    <>
      <Field label={sign.psbt} hint={sign.psbtHint} error={error}>
        {({ className, ...control }) => (
          <textarea
            {...control}
            className={`${className} font-mono text-sm break-all`}
            rows={6}
            spellCheck={false}
            value={text}
            onChange={({ target }) => {
              onChange(target.value)
            }}
          />
        )}
      </Field>
      <Field label={sign.psbtFile}>
        {({ className, ...control }) => (
          <input
            {...control}
            type="file"
            accept=".psbt,.txt"
            className={`${className} text-sm`}
            onChange={({ target }) => void open(target.files?.[0])}
          />
        )}
      </Field>
    </>
  )
}
