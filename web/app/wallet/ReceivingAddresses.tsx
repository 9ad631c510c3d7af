import { useMemo, useState } from 'react'
import { bitcoinAddress } from '../../../tss-wasm/content/bitcoin.ts'
import { ethereumAddress } from '../../../tss-wasm/content/ethereum.ts'
import { extendedPublicKey } from '../../../tss-wasm/content/extendedKey.ts'
import { keysOf, pathText } from '../../../tss-wasm/content/keys.ts'
import { mostGivenOut } from '../../../tss-wasm/content/ownKeys.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Copyable } from '../design/CopyButton.tsx'
import { useTexts } from '../texts/useTexts.tsx'

const receiving = 0
const step = 5

/** More addresses of the same wallet, derived when somebody asks to see them. */
export function ReceivingAddresses({ publicKey }: { readonly publicKey: Uint8Array }) {
  const { addresses: texts } = useTexts()
  const [count, setCount] = useState(0)
  const more = () => {
    setCount(count + step)
  }
  return (
    <Card title={texts.title}>
      <p className="text-muted">{texts.lead}</p>
      {count > 0 && <List publicKey={publicKey} count={count} />}
      {count < mostGivenOut && (
        <Button className="mt-4" onClick={more}>
          {count === 0 ? texts.show : texts.more}
        </Button>
      )}
    </Card>
  )
}

function List({ publicKey, count }: { readonly publicKey: Uint8Array; readonly count: number }) {
  const { addresses: texts } = useTexts()
  const keys = useMemo(() => keysOf(publicKey, receiving, count), [publicKey, count])
  return (
    <>
      <ol className="mt-4 grid gap-5" data-testid="receiving">
        {keys.map(({ path, publicKey: key }) => {
          const name = pathText(path)
          return (
            <li key={name} className="grid gap-2">
              <h3 className="font-mono text-sm text-muted">{name}</h3>
              <Copyable what={texts.ethereum(name)} text={ethereumAddress(key)} />
              <Copyable what={texts.bitcoin(name)} text={bitcoinAddress(key)} />
            </li>
          )
        })}
      </ol>
      <div className="mt-5 grid gap-2 border-t border-line pt-4">
        <h3 className="text-sm font-medium">{texts.extended}</h3>
        <Copyable what={texts.extended} text={extendedPublicKey(publicKey)} testId="xpub" />
        <p className="text-sm text-muted">{texts.extendedHint}</p>
      </div>
    </>
  )
}
