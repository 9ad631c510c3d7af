import { useEffect, useState } from 'react'
import { ethereumAddress } from '../../../tss-wasm/content/ethereum.ts'
import { dealtBy } from '../../platform/dealtBy.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { useWaiting } from '../../state/waiting.ts'
import { toast } from '../../state/toasts.ts'
import { isUnsettled, useWallets } from '../../state/wallets.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button, LinkButton } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Dialog } from '../design/Dialog.tsx'
import { ArrowIcon, EyeIcon, Logo, PlusIcon, RelayIcon, ShieldIcon, WarningIcon } from '../design/icons.tsx'
import { FailureView } from '../ceremony/FailureView.tsx'
import { LanguageChoice } from '../settings/LanguageChoice.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { Summary } from '../design/Summary.tsx'
import { hrefs } from '../route.ts'
import { shortAddress } from '../texts/shortAddress.ts'
import { useTexts } from '../texts/useTexts.tsx'

const betweenSettlingsMs = 15_000

export function WalletList() {
  const wallets = useWallets()
  const commands = useCommands()
  useSettling(wallets.status === 'ready' && wallets.records.some(isUnsettled))
  const { app, names, restore, wallets: texts } = useTexts()
  if (wallets.status === 'loading') return <p className="text-muted">{app.loading}</p>
  if (wallets.status === 'failed') {
    return (
      <div className="grid gap-5">
        <PageTitle>{texts.title}</PageTitle>
        <FailureView failure={wallets.failure} kind="other" onRetry={() => void commands.loadWallets()} />
      </div>
    )
  }
  if (wallets.records.length === 0) return <Welcome />
  const archived = wallets.records.filter(({ isArchived }) => isArchived === true)
  return (
    <div className="grid gap-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <PageTitle>{texts.title}</PageTitle>
        <div className="flex flex-wrap gap-3 max-sm:w-full">
          <LinkButton className="max-sm:flex-1" href={hrefs.restore}>
            {restore.link}
          </LinkButton>
          <LinkButton className="max-sm:flex-1" href={hrefs.join}>
            {texts.join}
          </LinkButton>
          <LinkButton look="primary" className="max-sm:basis-full" href={hrefs.create}>
            <PlusIcon />
            {texts.create}
          </LinkButton>
        </div>
      </div>
      <Records records={wallets.records.filter(({ isArchived }) => isArchived !== true)} />
      {archived.length > 0 && (
        <details data-testid="archived">
          <Summary>{names.archivedTitle(archived.length)}</Summary>
          <div className="mt-3">
            <Records records={archived} />
          </div>
        </details>
      )}
    </div>
  )
}

function Entry({ wallet }: { readonly wallet: WalletRecord }) {
  switch (wallet.state) {
    case 'active':
      return <ActiveWallet wallet={wallet} />
    case 'pending':
      return <Unfinished wallet={wallet} />
    case 'joining':
    case 'left':
      return <NoMember wallet={wallet} />
  }
}

function Records({ records }: { readonly records: readonly WalletRecord[] }) {
  return (
    <ul className="grid gap-4">
      {records.map((wallet) => (
        <li key={wallet.walletId}>
          <Entry wallet={wallet} />
        </li>
      ))}
    </ul>
  )
}

/** The others may confirm, or give up, while somebody looks at an unfinished wallet. */
function useSettling(isUnfinished: boolean): void {
  const commands = useCommands()
  useEffect(() => {
    if (!isUnfinished) return undefined
    let isAsking = false
    const timer = setInterval(() => {
      if (isAsking) return
      isAsking = true
      void commands.settle().then(() => {
        isAsking = false
      })
    }, betweenSettlingsMs)
    return () => {
      clearInterval(timer)
    }
  }, [commands, isUnfinished])
}

function ActiveWallet({ wallet }: { readonly wallet: WalletRecord }) {
  const { told, wallets: texts } = useTexts()
  const waiting = useWaiting(wallet.walletId)
  const address = ethereumAddress(wallet.publicKey)
  return (
    <a
      href={hrefs.wallet(wallet.walletId)}
      className="flex items-center gap-4 rounded-2xl border border-line bg-surface p-5 shadow-card transition-colors hover:border-accent"
    >
      <span
        aria-hidden="true"
        className="flex size-11 shrink-0 items-center justify-center rounded-full bg-accent-soft text-lg font-semibold text-accent-strong"
      >
        {Array.from(wallet.name)[0]?.toUpperCase()}
      </span>
      <span className="grid min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="font-semibold">{wallet.name}</span>
          <span className="rounded-full bg-sunken px-2.5 py-0.5 text-xs font-medium text-muted">
            {texts.ofParties(wallet.threshold, wallet.seats.length)}
          </span>
          {waiting > 0 && (
            <span className="rounded-full bg-warn-soft px-2.5 py-0.5 text-xs font-medium text-warn">
              {told.waiting(waiting)}
            </span>
          )}
        </span>
        <span className="font-mono text-sm text-muted max-sm:hidden">{address}</span>
        <span className="font-mono text-sm text-muted sm:hidden">{shortAddress(address)}</span>
        <span className="text-sm text-muted">{texts.createdOn(new Date(wallet.createdAtMs))}</span>
      </span>
      <ArrowIcon className="size-5 text-muted" />
    </a>
  )
}

/** A wallet of which this device holds no share: not yet, never, or no longer. */
function NoMember({ wallet }: { readonly wallet: WalletRecord }) {
  const { app, wallets: texts } = useTexts()
  const commands = useCommands()
  const isWaiting = isUnsettled(wallet)
  const by = wallet.state === 'left' ? dealtBy(wallet) : []
  const { name, renewedAtMs } = wallet
  const [title, text] =
    wallet.state === 'left'
      ? [texts.leftTitle(name), texts.leftText(renewedAtMs === undefined ? undefined : new Date(renewedAtMs))]
      : isWaiting
        ? [texts.joiningTitle(name), texts.joiningText]
        : [texts.overTitle(name), texts.overText]
  return (
    <Card>
      <div className="grid gap-2" data-testid="no-member">
        <h2 className="font-semibold">{title}</h2>
        <p>{text}</p>
        {by.length > 0 && <p>{texts.leftBy(app.and(by))}</p>}
        {wallet.state === 'left' && <p>{texts.leftMoney}</p>}
        {!isWaiting && (
          <Button className="mt-1 justify-self-start" onClick={() => void commands.discard(wallet.walletId)}>
            {texts.forget}
          </Button>
        )}
      </div>
    </Card>
  )
}

function Unfinished({ wallet }: { readonly wallet: WalletRecord }) {
  const { wallets: texts, app } = useTexts()
  const commands = useCommands()
  const [asking, setAsking] = useState(false)
  const discard = async () => {
    setAsking(false)
    const done = await commands.discard(wallet.walletId)
    if (done.ok) toast(texts.discarded)
  }
  return (
    <Card className="border-warn/50">
      <div className="flex gap-4">
        <WarningIcon className="mt-0.5 size-6 text-warn" />
        <div className="grid gap-2">
          <h2 className="font-semibold">{texts.unfinishedTitle(wallet.name)}</h2>
          <p>{texts.unfinishedText}</p>
          <p>{texts.unfinishedWhat}</p>
          <Button
            look="danger"
            className="mt-1 justify-self-start"
            onClick={() => {
              setAsking(true)
            }}
          >
            {texts.discard}
          </Button>
        </div>
      </div>
      {asking && (
        <Dialog
          title={texts.discardTitle}
          onClose={() => {
            setAsking(false)
          }}
        >
          <p>{texts.discardText}</p>
          <div className="mt-5 flex flex-wrap justify-end gap-3">
            <Button
              onClick={() => {
                setAsking(false)
              }}
            >
              {app.cancel}
            </Button>
            <Button look="danger" onClick={() => void discard()}>
              {texts.discardYes}
            </Button>
          </div>
        </Dialog>
      )}
    </Card>
  )
}

const pointIcons = [ShieldIcon, EyeIcon, RelayIcon]

function Welcome() {
  const { restore, welcome } = useTexts()
  return (
    <div className="grid gap-8 sm:pt-6">
      <div className="grid justify-items-start gap-5">
        <Logo className="size-16" />
        <PageTitle>{welcome.title}</PageTitle>
        <p className="max-w-2xl text-lg text-muted">{welcome.lead}</p>
        <div className="flex flex-wrap gap-3">
          <LinkButton look="primary" href={hrefs.create}>
            {welcome.create}
          </LinkButton>
          <LinkButton href={hrefs.join}>{welcome.join}</LinkButton>
          <LinkButton href={hrefs.restore}>{restore.title}</LinkButton>
        </div>
      </div>
      <ul className="grid gap-4 sm:grid-cols-3">
        {welcome.points.map(([title, text], i) => {
          const Icon = pointIcons[i] ?? ShieldIcon
          return (
            <li key={title} className="rounded-2xl border border-line bg-surface p-5 shadow-card">
              <Icon className="mb-3 size-6 text-accent" />
              <h2 className="mb-1 font-semibold">{title}</h2>
              <p className="text-sm text-muted">{text}</p>
            </li>
          )
        })}
      </ul>
      <div className="w-44">
        <LanguageChoice />
      </div>
    </div>
  )
}
