import type { SigningContent } from '../../tss-wasm/content/content.ts'
import type { Signed } from '../jobs/signContent.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { ContentReview } from './ContentReview.tsx'
import { useCommands } from './commands.ts'
import { Button, LinkButton } from './design/Button.tsx'
import { Card } from './design/Card.tsx'
import { Copyable } from './design/CopyButton.tsx'
import { CheckIcon } from './design/icons.tsx'
import { PageTitle } from './PageTitle.tsx'
import { hrefs } from './route.ts'
import { useTexts } from './useTexts.tsx'

interface SignedResultProps {
  readonly wallet: WalletRecord
  readonly content: SigningContent | undefined
  readonly signed: Signed
  readonly onAgain: () => void
}

export function SignedResult({ wallet, content, signed, onAgain }: SignedResultProps) {
  const { signed: texts } = useTexts()
  const commands = useCommands()
  const isTransaction = content?.type === 'ethereum-transaction'
  const values: readonly (readonly [name: string, value: string, testId: string])[] = [
    ...(isTransaction
      ? [
          [texts.raw, signed.result, 'raw-transaction'] as const,
          [texts.hash, signed.transactionHash ?? '', 'transaction-hash'] as const,
        ]
      : [[texts.signature, signed.result, 'signature'] as const]),
    ['r', signed.r, 'r'],
    ['s', signed.s, 's'],
    // A typed transaction carries the parity itself; a message's signature has it plus 27.
    ['v', (isTransaction ? signed.yParity : 27 + signed.yParity).toString(), 'v'],
  ]
  return (
    <div className="grid gap-5" data-testid="signed">
      <div className="flex items-center gap-3">
        <span
          aria-hidden="true"
          className="flex size-10 items-center justify-center rounded-full bg-good-soft text-good"
        >
          <CheckIcon className="size-6" />
        </span>
        <PageTitle takesFocus>{texts.title}</PageTitle>
      </div>
      <p role="status">{isTransaction ? texts.transactionLead : texts.messageLead}</p>
      <Card>
        <dl className="grid gap-4">
          {values.map(([name, value, testId]) => (
            <div key={testId}>
              <dt className="mb-1.5 text-sm font-medium">{name}</dt>
              <dd>
                <Copyable what={name} text={value} testId={testId} />
              </dd>
            </div>
          ))}
        </dl>
      </Card>
      {content !== undefined && <ContentReview content={content} />}
      <div className="flex flex-wrap gap-3">
        <LinkButton href={hrefs.wallet(wallet.walletId)} look="primary" onClick={commands.dismiss}>
          {texts.toWallet}
        </LinkButton>
        <Button onClick={onAgain}>{texts.again}</Button>
      </div>
    </div>
  )
}
