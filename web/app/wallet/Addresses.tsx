import { bitcoinAddress } from '../../../tss-wasm/content/bitcoin.ts'
import { ethereumAddress } from '../../../tss-wasm/content/ethereum.ts'
import { Card } from '../design/Card.tsx'
import { Copyable } from '../design/CopyButton.tsx'
import { QrCode } from '../design/QrCode.tsx'
import { useTexts } from '../texts/useTexts.tsx'

/** Where a wallet is paid: on each chain its main address, to copy and to scan. */
export function Addresses({ publicKey }: { readonly publicKey: Uint8Array }) {
  const { wallet: texts } = useTexts()
  return (
    <Card>
      <div className="grid gap-5 divide-y divide-line *:not-last:pb-5">
        <Address
          name={texts.address}
          hint={texts.addressHint}
          qr={texts.addressQr}
          text={ethereumAddress(publicKey)}
          testId="address"
        />
        <Address
          name={texts.bitcoin}
          hint={texts.bitcoinHint}
          qr={texts.bitcoinQr}
          text={bitcoinAddress(publicKey)}
          testId="bitcoin-address"
        />
      </div>
    </Card>
  )
}

interface AddressProps {
  readonly name: string
  readonly hint: string
  readonly qr: string
  readonly text: string
  readonly testId: string
}

function Address({ name, hint, qr, text, testId }: AddressProps) {
  return (
    <div className="flex flex-col gap-4 sm:flex-row sm:items-center sm:gap-6">
      <div className="min-w-0 flex-1">
        <h2 className="mb-1.5 text-sm font-medium">{name}</h2>
        <Copyable what={name} text={text} testId={testId} />
        <p className="mt-2 text-sm text-muted">{hint}</p>
      </div>
      <QrCode text={text} label={qr} className="size-32 shrink-0" />
    </div>
  )
}
