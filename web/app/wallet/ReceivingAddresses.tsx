import { useMemo, useState } from 'react'
import { bitcoinAddress } from '../../../tss-wasm/content/bitcoin.ts'
import { ethereumAddress } from '../../../tss-wasm/content/ethereum.ts'
import { descriptorsOf, fingerprintOf } from '../../../tss-wasm/content/descriptor.ts'
import { extendedPublicKey } from '../../../tss-wasm/content/extendedKey.ts'
import { keysOf, pathText } from '../../../tss-wasm/content/keys.ts'
import { mostGivenOut } from '../../../tss-wasm/content/ownKeys.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Copyable } from '../design/CopyButton.tsx'
import { QrCode } from '../design/QrCode.tsx'
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
      <WatchOnly publicKey={publicKey} />
    </>
  )
}

/** What a watch-only wallet imports by one scan, and what it asks where it takes the extended key instead. */
function WatchOnly({ publicKey }: { readonly publicKey: Uint8Array }) {
  const { addresses: texts } = useTexts()
  const { branches, main } = useMemo(() => descriptorsOf(publicKey), [publicKey])
  return (
    <div className="mt-5 grid gap-4 border-t border-line pt-4">
      <div className="flex flex-col gap-4 sm:flex-row sm:items-center sm:gap-6">
        <div className="grid min-w-0 flex-1 gap-2">
          <h3 className="text-sm font-medium">{texts.descriptor}</h3>
          <Copyable what={texts.descriptor} text={branches} testId="descriptor" />
          <p className="text-sm text-muted">{texts.origin(fingerprintOf(publicKey))}</p>
        </div>
        <QrCode text={branches} label={texts.descriptorQr} className="size-48 shrink-0" />
      </div>
      <div className="grid gap-2">
        <h3 className="text-sm font-medium">{texts.mainDescriptor}</h3>
        <Copyable what={texts.mainDescriptor} text={main} testId="main-descriptor" />
        <p className="text-sm text-muted">{texts.mainDescriptorHint}</p>
      </div>
    </div>
  )
}
