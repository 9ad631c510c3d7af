import type { ClipboardEvent } from 'react'
import type { BitcoinMessageFormat } from '../../../tss-wasm/content/content.ts'
import { Choice } from '../design/Choice.tsx'
import { Field } from '../design/Field.tsx'
import { useTexts } from '../texts/useTexts.tsx'
import { bytesOfMessage, type MessageReading } from './transactionForm.ts'

interface TextProps {
  readonly text: string
  readonly error: string | undefined
  readonly onChange: (text: string) => void
}

interface MessageInputProps extends TextProps {
  readonly reading: MessageReading
  readonly onReading: (reading: MessageReading) => void
}

const readings: readonly MessageReading[] = ['bytes', 'text']

/** A message for Ethereum; of hex it is asked what it stands for. */
export function MessageInput({ text, reading, error, onChange, onReading }: MessageInputProps) {
  const { sign } = useTexts()
  return (
    <>
      <TextInput text={text} error={error} hint={sign.messageHint} onChange={onChange} />
      {bytesOfMessage(text) !== undefined && (
        <fieldset>
          <legend className="mb-2 text-sm font-medium">{sign.messageReading}</legend>
          <div className="grid gap-2 sm:grid-cols-2">
            {readings.map((value) => (
              <Choice
                key={value}
                type="radio"
                name="reading"
                checked={reading === value}
                onChange={() => {
                  onReading(value)
                }}
              >
                {sign.messageReadings[value]}
              </Choice>
            ))}
          </div>
        </fieldset>
      )}
    </>
  )
}

interface BitcoinMessageInputProps extends TextProps {
  readonly format: BitcoinMessageFormat
  readonly onFormat: (format: BitcoinMessageFormat) => void
}

const formats: readonly BitcoinMessageFormat[] = ['bip322', 'bip137']

/** A message for Bitcoin, and in which of two ways it is signed. */
export function BitcoinMessageInput({ text, format, error, onChange, onFormat }: BitcoinMessageInputProps) {
  const { sign } = useTexts()
  return (
    <>
      <TextInput text={text} error={error} hint={sign.bitcoinMessageHint} onChange={onChange} />
      <fieldset>
        <legend className="mb-2 text-sm font-medium">{sign.bitcoinFormat}</legend>
        <div className="grid gap-2 sm:grid-cols-2">
          {formats.map((value) => (
            <Choice
              key={value}
              type="radio"
              name="format"
              checked={format === value}
              onChange={() => {
                onFormat(value)
              }}
            >
              {sign.bitcoinFormats[value]}
            </Choice>
          ))}
        </div>
      </fieldset>
    </>
  )
}

/** A field turns every line end into one character; what is pasted with two is kept as it is, and what is typed into it too. */
function TextInput({ text, error, hint, onChange }: TextProps & { readonly hint: string }) {
  const { sign } = useTexts()
  const hasReturns = text.includes('\r\n')
  const paste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const pasted = event.clipboardData.getData('text/plain')
    const { selectionStart, selectionEnd, value } = event.currentTarget
    if (!pasted.includes('\r') || selectionStart > 0 || selectionEnd < value.length) return
    event.preventDefault()
    onChange(pasted)
  }
  return (
    <Field label={sign.message} hint={hasReturns ? sign.messageHasReturns : hint} error={error}>
      {(control) => (
        <textarea
          {...control}
          rows={6}
          value={text.replace(/\r\n?/g, '\n')}
          onPaste={paste}
          onChange={({ target }) => {
            onChange(hasReturns ? target.value.replaceAll('\n', '\r\n') : target.value)
          }}
        />
      )}
    </Field>
  )
}
