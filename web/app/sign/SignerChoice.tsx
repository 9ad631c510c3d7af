import { useMemo, useState } from 'react'
import { bitcoinAddress } from '../../../tss-wasm/content/bitcoin.ts'
import { ethereumAddress } from '../../../tss-wasm/content/ethereum.ts'
import { keysOf, pathText } from '../../../tss-wasm/content/keys.ts'
import { Field, verbatim } from '../design/Field.tsx'
import { shortAddress } from '../texts/shortAddress.ts'
import { useTexts } from '../texts/useTexts.tsx'

const shown = 5

interface SignerChoiceProps {
  /** Of the wallet, compressed. */
  readonly publicKey: Uint8Array
  /** As it is typed. */
  readonly path: string
  /** Whether it is the Bitcoin address of the key that counts. */
  readonly isBitcoin?: boolean
  readonly error: string | undefined
  readonly onChange: (path: string) => void
}

/** Which of the wallet's addresses signs: usually its own. */
export function SignerChoice({ publicKey, path, isBitcoin = false, error, onChange }: SignerChoiceProps) {
  const { sign } = useTexts()
  const addressOf = isBitcoin ? bitcoinAddress : ethereumAddress
  const choices = useMemo(
    () => keysOf(publicKey, 0, shown).map((key) => [pathText(key.path), addressOf(key.publicKey)] as const),
    [publicKey, addressOf],
  )
  const [isOther, setIsOther] = useState(() => path !== 'm' && !choices.some(([text]) => text === path))
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <Field label={sign.signer}>
        {(control) => (
          <select
            {...control}
            value={isOther ? 'other' : path}
            onChange={({ target }) => {
              setIsOther(target.value === 'other')
              onChange(target.value === 'other' ? 'm/0/' : target.value)
            }}
          >
            <option value="m">{sign.signerMain(shortAddress(addressOf(publicKey)))}</option>
            {choices.map(([text, address]) => (
              <option key={text} value={text}>
                {sign.signerAt(text, shortAddress(address))}
              </option>
            ))}
            <option value="other">{sign.signerOther}</option>
          </select>
        )}
      </Field>
      {isOther && (
        <Field label={sign.path} hint={sign.pathHint} error={error}>
          {({ className, ...control }) => (
            <input
              {...control}
              className={`${className} font-mono`}
              {...verbatim}
              value={path}
              onChange={({ target }) => {
                onChange(target.value)
              }}
            />
          )}
        </Field>
      )}
    </div>
  )
}
