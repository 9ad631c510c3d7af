import { useEffect, useRef, useState, type SubmitEvent } from 'react'
import type { Outcome } from '../../../tss-wasm/failure.ts'
import type { WalletRecord, WalletSeat } from '../../platform/shareStore.ts'
import { useChain } from '../../state/chain.ts'
import { useUnlockedUntil } from '../../state/unlocked.ts'
import { Addresses } from './Addresses.tsx'
import { BackLink } from '../design/BackLink.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { ChangePassphrase } from '../passphrase/ChangePassphrase.tsx'
import { Button, LinkButton } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Dialog } from '../design/Dialog.tsx'
import { Notice } from '../design/Notice.tsx'
import { failureText } from '../ceremony/failureTexts.ts'
import { NoBackup } from '../backup/NoBackup.tsx'
import { GuardiansCard } from '../backup/GuardiansCard.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { takePassphrase } from '../passphrase/passphrase.ts'
import { UnlockedUntil } from '../passphrase/KeepUnlocked.tsx'
import { PassphraseField } from '../passphrase/PassphraseField.tsx'
import { PasskeyCard } from '../passphrase/PasskeyCard.tsx'
import { hrefs } from '../route.ts'
import { RulesCard } from './RulesCard.tsx'
import { SharesCard } from './SharesCard.tsx'
import { WalletHistory } from './WalletHistory.tsx'
import { Members } from './Members.tsx'
import { WalletNameCard } from './WalletNameCard.tsx'
import { ReceivingAddresses } from './ReceivingAddresses.tsx'
import { useTexts } from '../texts/useTexts.tsx'

export default function WalletPage({ wallet }: { readonly wallet: WalletRecord }) {
  const { app, backup, create, reshare, restore, send, wallet: texts } = useTexts()
  const commands = useCommands()
  const canSend = useChain(({ nodes }) => nodes.length > 0)
  useEffect(() => {
    void commands.loadChain()
  }, [commands])
  const unlockedUntil = useUnlockedUntil(wallet.walletId)
  const [dialog, setDialog] = useState<'check' | 'change'>()
  const close = () => {
    setDialog(undefined)
  }
  return (
    <div className="grid gap-5">
      <BackLink href={hrefs.wallets}>{app.wallets}</BackLink>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <PageTitle>{wallet.name}</PageTitle>
        <div className="flex flex-wrap gap-3">
          <LinkButton href={hrefs.backup(wallet.walletId)}>{backup.link}</LinkButton>
          {canSign(wallet) && canSend && (
            <LinkButton look="primary" href={hrefs.send(wallet.walletId)}>
              {send.link}
            </LinkButton>
          )}
          {canSign(wallet) && (
            <LinkButton look={canSend ? 'secondary' : 'primary'} href={hrefs.sign(wallet.walletId)}>
              {texts.sign}
            </LinkButton>
          )}
        </div>
      </div>
      {!canSign(wallet) && (
        <Notice tone="warn" title={restore.cannotSign}>
          <p>{restore.cannotSignText}</p>
        </Notice>
      )}
      {unlockedUntil !== undefined && (
        <Card>
          <UnlockedUntil walletId={wallet.walletId} untilMs={unlockedUntil} />
        </Card>
      )}
      <NoBackup wallet={wallet} />
      <Addresses publicKey={wallet.publicKey} />
      <ReceivingAddresses publicKey={wallet.publicKey} />
      <Members wallet={wallet} />
      <RulesCard wallet={wallet} />
      <SharesCard wallet={wallet} />
      {canSign(wallet) && (
        <Card title={reshare.title}>
          <p className="mb-4 text-muted">{reshare.lead}</p>
          <LinkButton href={hrefs.reshare(wallet.walletId)}>{reshare.open}</LinkButton>
        </Card>
      )}
      <GuardiansCard wallet={wallet} />
      <WalletHistory wallet={wallet} />
      <Card title={create.passphrase}>
        <p className="mb-4 text-muted">{create.passphraseHint}</p>
        <div className="flex flex-wrap gap-3">
          <Button
            onClick={() => {
              setDialog('check')
            }}
          >
            {texts.check}
          </Button>
          <Button
            onClick={() => {
              setDialog('change')
            }}
          >
            {texts.change}
          </Button>
        </div>
      </Card>
      <PasskeyCard wallet={wallet} />
      <WalletNameCard wallet={wallet} />
      {dialog === 'check' && <PassphraseCheck wallet={wallet} onClose={close} />}
      {dialog === 'change' && <ChangePassphrase wallet={wallet} onClose={close} />}
    </div>
  )
}

function isKnown({ signingKey }: WalletSeat): boolean {
  return signingKey.length > 0
}

/** An imported share may not say who the others are. */
function canSign({ seats, mySeat, threshold }: WalletRecord): boolean {
  return seats.filter((seat) => seat.seat !== mySeat && isKnown(seat)).length >= threshold - 1
}

function PassphraseCheck({ wallet, onClose }: { readonly wallet: WalletRecord; readonly onClose: () => void }) {
  const { app, wallet: texts, sign } = useTexts()
  const commands = useCommands()
  const passphrase = useRef<HTMLInputElement>(null)
  const [answer, setAnswer] = useState<Outcome<undefined> | 'checking'>()
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const bytes = takePassphrase(passphrase.current)
    setAnswer('checking')
    setAnswer(await commands.checkPassphrase(wallet, bytes))
  }
  return (
    <Dialog title={texts.checkTitle} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className="grid gap-4">
        <p className="text-muted">{texts.checkText}</p>
        <PassphraseField
          label={sign.passphrase}
          field={passphrase}
          account={wallet.name}
          autoComplete="current-password"
        />
        <Answer answer={answer} />
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={onClose}>{app.close}</Button>
          <Button type="submit" look="primary" disabled={answer === 'checking'}>
            {texts.checkSubmit}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function Answer({ answer }: { readonly answer: Outcome<undefined> | 'checking' | undefined }) {
  const texts = useTexts()
  if (answer === undefined) return null
  if (answer === 'checking') return <Notice role="status">{texts.wallet.checking}</Notice>
  if (answer.ok) {
    return (
      <Notice tone="good" role="status">
        {texts.wallet.checkGood}
      </Notice>
    )
  }
  const text = failureText(answer.failure, { kind: 'other', parties: String }, texts)
  return (
    <Notice tone="bad" role="alert" title={text.title}>
      <p>{text.what}</p>
      <p>{text.now}</p>
    </Notice>
  )
}
