import { bytesToHex } from '@noble/hashes/utils.js'
import { useState } from 'react'
import { bitcoinAddress } from '../../../tss-wasm/content/bitcoin.ts'
import { ethereumAddress } from '../../../tss-wasm/content/ethereum.ts'
import { fingerprint } from '../../../tss-wasm/identity/identity.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { BackLink } from '../design/BackLink.tsx'
import { Button } from '../design/Button.tsx'
import { Card, Fact, Facts } from '../design/Card.tsx'
import { QrCode } from '../design/QrCode.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { publicWallet, sheetCode } from './publicWallet.ts'
import { hrefs } from '../route.ts'
import { useTexts } from '../texts/useTexts.tsx'

/** To be printed and kept with papers: what the wallet is, and lines to fill in. Nothing on it is secret. */
export default function RecoverySheet({ wallet }: { readonly wallet: WalletRecord }) {
  const { sheet } = useTexts()
  const [today] = useState(() => new Date())
  return (
    <div className="grid gap-5 print:gap-3 print:text-sm" data-testid="sheet">
      <BackLink href={hrefs.backup(wallet.walletId)}>{wallet.name}</BackLink>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <PageTitle>{sheet.title}</PageTitle>
        <Button
          look="primary"
          className="print:hidden"
          onClick={() => {
            print()
          }}
        >
          {sheet.print}
        </Button>
      </div>
      <p className="text-muted">{sheet.lead}</p>
      <PublicData wallet={wallet} />
      <Holders wallet={wallet} />
      <Card title={sheet.fill} className="break-inside-avoid">
        <dl className="grid gap-5 print:grid-cols-2 print:gap-x-8 print:gap-y-3">
          {sheet.fields.map((field) => (
            <div key={field} className="border-b border-control pb-7 print:pb-8">
              <dt className="text-sm text-muted">{field}</dt>
              <dd />
            </div>
          ))}
        </dl>
      </Card>
      <Card title={sheet.how} className="break-inside-avoid">
        <ol className="grid list-decimal gap-2 pl-5 print:gap-1">
          {sheet.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </Card>
      <p className="text-sm text-muted">{sheet.printed(today)}</p>
    </div>
  )
}

function PublicData({ wallet }: { readonly wallet: WalletRecord }) {
  const { sheet, wallets } = useTexts()
  const { publicKey, threshold, seats, mySeat } = wallet
  return (
    <Card className="break-inside-avoid">
      <div className="flex flex-wrap gap-6 sm:flex-nowrap print:flex-nowrap">
        <div className="min-w-0 flex-1 max-sm:basis-full print:basis-0">
          <Facts>
            <Fact name={sheet.wallet}>
              <p className="font-semibold">{wallet.name}</p>
              <p className="text-sm text-muted">{wallets.createdOn(new Date(wallet.createdAtMs))}</p>
            </Fact>
            <Fact name={sheet.address}>
              <span className="font-mono text-sm break-all print:text-xs">{ethereumAddress(publicKey)}</span>
            </Fact>
            <Fact name={sheet.bitcoin}>
              <span className="font-mono text-sm break-all print:text-xs">{bitcoinAddress(publicKey)}</span>
            </Fact>
            <Fact name={sheet.publicKey}>
              <span className="font-mono text-sm break-all print:text-xs">{bytesToHex(publicKey)}</span>
            </Fact>
            <Fact name={sheet.policy}>{sheet.ofParties(threshold, seats.length)}</Fact>
            <Fact name={sheet.seat}>{sheet.seatOf(mySeat, seats.length)}</Fact>
            <Fact name={sheet.code}>
              <p className="font-mono text-lg" data-testid="sheet-code">
                {sheetCode(wallet)}
              </p>
              <p className="text-sm text-muted">{sheet.codeHint}</p>
            </Fact>
          </Facts>
        </div>
        <QrCode
          text={publicWallet(wallet)}
          label={sheet.qr}
          className="size-44 shrink-0 print:size-40 print:border-0"
        />
      </div>
    </Card>
  )
}

function Holders({ wallet: { seats, mySeat } }: { readonly wallet: WalletRecord }) {
  const { restore, sheet, wallet } = useTexts()
  return (
    <Card title={sheet.holders} className="break-inside-avoid">
      <Facts>
        {seats.map(({ seat, label, name, ...identity }) => (
          <Fact key={seat} name={wallet.share(seat)}>
            <p>{seat === mySeat ? sheet.owner(name ?? '') : label === '' ? restore.unknownHolder : label}</p>
            {identity.signingKey.length > 0 && (
              <p className="font-mono text-sm print:text-xs">{fingerprint(identity)}</p>
            )}
          </Fact>
        ))}
      </Facts>
    </Card>
  )
}
