import { lazy, Suspense, useEffect, useRef } from 'react'
import { isRunning, openingOf, useCeremony } from '../../state/ceremony.ts'
import { useRequests } from '../../state/requests.ts'
import { useReshareRequests } from '../../state/reshareRequests.ts'
import { usePreferences } from '../../state/preferences.ts'
import { useWaiting } from '../../state/waiting.ts'
import { isSigning, useWaitingRequest, useWaitingRequests } from '../../state/waitingRequests.ts'
import { useWallets, walletById } from '../../state/wallets.ts'
import { Button, LinkButton } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Logo } from '../design/icons.tsx'
import { Toasts } from '../design/Toasts.tsx'
import { Boundary } from './Boundary.tsx'
import { AppCode } from './AppCode.tsx'
import { Connection } from './Connection.tsx'
import { ChooseCoordinator } from '../settings/CoordinatorSetting.tsx'
import { useMustChooseCoordinator } from '../../state/coordinators.ts'
import { useFocusKept, useFocusOnNavigation } from '../design/focus.ts'
import { useKeyboard } from '../design/keyboard.ts'
import { Locked, useIdleLock } from './IdleLock.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { paint } from '../../boot/theme.ts'
import { hrefs, parseRoute, useFragment, type Route } from '../route.ts'
import { useCommands } from '../commands/useCommands.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { WalletList } from '../wallet/WalletList.tsx'
import { useBeingTold } from './told.ts'
import { useOccupying, WalletTab } from './WalletTab.tsx'

const CreateWallet = lazy(() => import('../create/CreateWallet.tsx'))
const WalletPage = lazy(() => import('../wallet/WalletPage.tsx'))
const Backup = lazy(() => import('../backup/Backup.tsx'))
const Guardians = lazy(() => import('../backup/Guardians.tsx'))
const JoinWallet = lazy(() => import('../join/JoinWallet.tsx'))
const RecoverySheet = lazy(() => import('../backup/RecoverySheet.tsx'))
const Restore = lazy(() => import('../backup/Restore.tsx'))
const Requests = lazy(() => import('../requests/Requests.tsx'))
const Sign = lazy(() => import('../sign/Sign.tsx'))
const Send = lazy(() => import('../send/Send.tsx'))
const Signing = lazy(() => import('../sign/Signing.tsx'))
const Reshare = lazy(() => import('../reshare/Reshare.tsx'))
const Settings = lazy(() => import('../settings/Settings.tsx'))

export function App() {
  const texts = useTexts()
  const fragment = useFragment()
  const route = parseRoute(fragment)
  const main = useRef<HTMLElement>(null)
  useFocusOnNavigation(main, fragment)
  useFocusKept(main)
  useTheme()
  useLeaveWarning()
  useBeingTold()
  const [isLocked, unlock] = useIdleLock()
  const { letGo, lock } = useCommands()
  useEffect(() => {
    if (!isLocked) return
    letGo()
    lock()
  }, [isLocked, letGo, lock])
  const mustChoose = useMustChooseCoordinator()
  const keyboard = useKeyboard()
  return (
    <div className="flex min-h-dvh flex-col" style={{ paddingBottom: keyboard }}>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-20 focus:m-2 focus:rounded-lg focus:bg-surface focus:px-4 focus:py-2"
        onClick={(event) => {
          event.preventDefault()
          main.current?.focus()
        }}
      >
        {texts.app.skip}
      </a>
      <Header screen={route.screen} />
      <Connection />
      <AppCode />
      <CeremonyBanner route={route} />
      <main
        id="main"
        ref={main}
        tabIndex={-1}
        className="mx-auto w-full max-w-3xl flex-1 px-page pt-6 pb-page sm:pt-10 print:max-w-none print:p-0"
      >
        <Suspense fallback={<p className="text-muted">{texts.app.loading}</p>}>
          {!isSecureContext ? (
            <Insecure />
          ) : isLocked ? (
            <Locked onOpen={unlock} />
          ) : mustChoose ? (
            <ChooseCoordinator />
          ) : (
            <Boundary key={fragment} fallback={<Broken />}>
              <Screen route={route} />
            </Boundary>
          )}
        </Suspense>
      </main>
      <Toasts above={keyboard} />
    </div>
  )
}

function Screen({ route }: { readonly route: Route }) {
  const wallets = useWallets()
  const requestedWallet = useRequestedWallet(route)
  useOccupying('walletId' in route ? route.walletId : requestedWallet)
  const { app } = useTexts()
  const resharing = useCeremony(({ current }) => (current?.kind === 'reshare' ? current.walletId : undefined))
  const isIdle = useCeremony((state) => state.current === undefined)
  // Where nothing can be stored, no form for a share: the list says why.
  if (wallets.status === 'failed' && isIdle && makesShare.includes(route.screen)) return <WalletList />
  switch (route.screen) {
    case 'wallets':
      return <WalletList />
    case 'create':
      return <CreateWallet />
    case 'settings':
      return <Settings />
    case 'join':
      return <JoinWallet invitation={route.invitation} />
    case 'restore':
      return <Restore />
    case 'requests':
      return <Requests sessionId={undefined} />
    case 'request':
      return requestedWallet === undefined ? (
        <Requests sessionId={route.sessionId} />
      ) : (
        <WalletTab walletId={requestedWallet}>
          <Requests sessionId={route.sessionId} />
        </WalletTab>
      )
    case 'reshare': {
      const { walletId, change } = route
      const wallet = walletById(wallets, walletId)
      if (wallet?.state !== 'active' && resharing !== walletId)
        return wallets.status === 'loading' ? <p className="text-muted">{app.loading}</p> : <NotFound />
      return (
        <WalletTab walletId={walletId}>
          <Reshare walletId={walletId} wallet={wallet} change={change} />
        </WalletTab>
      )
    }
    case 'wallet':
    case 'send':
    case 'sign':
    case 'signing':
    case 'backup':
    case 'sheet':
    case 'guardians': {
      const wallet = walletById(wallets, route.walletId)
      const Page = walletPages[route.screen]
      if (wallet?.state === 'active')
        return (
          <WalletTab walletId={wallet.walletId}>
            <Page wallet={wallet} />
          </WalletTab>
        )
      return wallets.status === 'loading' ? <p className="text-muted">{app.loading}</p> : <NotFound />
    }
    case 'unknown':
      return <NotFound />
  }
}

const makesShare: readonly Route['screen'][] = ['create', 'join', 'restore']
const walletPages = {
  wallet: WalletPage,
  send: Send,
  sign: Sign,
  signing: Signing,
  backup: Backup,
  sheet: RecoverySheet,
  guardians: Guardians,
}

/** Of the request that is shown. */
function useRequestedWallet(route: Route): string | undefined {
  const sessionId = route.screen === 'request' ? route.sessionId : undefined
  const toSign = useRequests(({ open }) => open.find(({ access }) => access.sessionId === sessionId))
  const toReshare = useReshareRequests(({ open }) => open.find(({ seen }) => seen.sessionId === sessionId))
  const waiting = useWaitingRequest(sessionId)
  return (waiting ?? toSign ?? toReshare)?.wallet.walletId
}

/** Without what browsers keep for safe addresses (locks, encryption, lasting storage) nothing here can be done. */
function Insecure() {
  const { app } = useTexts()
  return (
    <Card>
      <div className="grid gap-2" role="alert" data-testid="insecure">
        <PageTitle>{app.insecure}</PageTitle>
        <p>{app.insecureWhat}</p>
        <p>{app.insecureNow}</p>
      </div>
    </Card>
  )
}

/** A part of the app that could not be loaded, mostly: offline, or a newer version has taken this one's place. */
function Broken() {
  const { app } = useTexts()
  return (
    <Card>
      <div role="alert" data-testid="broken">
        <PageTitle>{app.broken}</PageTitle>
        <p className="mt-2 mb-4 text-muted">{app.brokenHint}</p>
        <Button
          look="primary"
          onClick={() => {
            location.reload()
          }}
        >
          {app.reload}
        </Button>
      </div>
    </Card>
  )
}

function NotFound() {
  const { app } = useTexts()
  return (
    <Card>
      <PageTitle>{app.notFound}</PageTitle>
      <p className="mt-2 mb-4 text-muted">{app.notFoundHint}</p>
      <LinkButton href={hrefs.wallets}>{app.toWallets}</LinkButton>
    </Card>
  )
}

function Header({ screen }: { readonly screen: Route['screen'] }) {
  const { app } = useTexts()
  const waiting = useWaiting()
  const isRequests = screen === 'requests' || screen === 'request'
  const isAnyKept = useWaitingRequests(({ byName }) => Object.keys(byName).length > 0)
  const showsRequests = waiting > 0 || isRequests || isAnyKept
  const link = (href: string, text: string, current: boolean) => (
    <a
      href={href}
      aria-current={current ? 'page' : undefined}
      className="flex min-h-11 items-center rounded-lg px-2 text-sm font-medium whitespace-nowrap text-muted sm:px-3 hover:bg-sunken hover:text-ink aria-[current]:bg-accent-soft aria-[current]:text-accent-strong"
    >
      {text}
    </a>
  )
  return (
    <header className="border-b border-line bg-surface pt-notch print:hidden">
      <div className="mx-auto flex w-full max-w-3xl items-center gap-2 px-page pb-2">
        <a
          href={hrefs.wallets}
          className="flex min-h-11 min-w-11 items-center gap-2.5 rounded-lg pr-2 text-lg font-semibold"
        >
          <Logo />
          {/* On a phone the links need the room when there are three of them. */}
          <span className={showsRequests ? 'max-sm:sr-only' : ''}>{app.name}</span>
        </a>
        <nav aria-label={app.navigation} className="ml-auto flex gap-0.5 sm:gap-1">
          {link(hrefs.wallets, app.wallets, !isRequests && screen !== 'settings')}
          {showsRequests && link(hrefs.requests, app.requestCount(waiting), isRequests)}
          {link(hrefs.settings, app.settings, screen === 'settings')}
        </nav>
      </div>
    </header>
  )
}

/** A ceremony goes on while its person looks at other pages; this leads back to it. */
function CeremonyBanner({ route }: { readonly route: Route }) {
  const { app } = useTexts()
  const current = useCeremony((state) => state.current)
  const commands = useCommands()
  if (current === undefined || openingOf(current) !== undefined) return null
  const { kind, walletId = '' } = current
  const isOfIt = 'walletId' in route && route.walletId === walletId
  const screen = kind === 'sign' ? 'signing' : kind
  const itsPage = route.screen === screen && (kind === 'create' || isOfIt)
  if (itsPage) return null
  const href = screen === 'create' ? hrefs.create : hrefs[screen](walletId)
  return (
    <aside aria-label={app.ceremony} className="bg-accent-soft print:hidden">
      <div className="mx-auto flex w-full max-w-3xl flex-wrap items-center gap-x-4 gap-y-1 px-page py-2 text-sm">
        <span className="flex-1">
          {isRunning(current) ? app.running(current.walletName) : app.ended(current.walletName)}
        </span>
        <LinkButton look="quiet" href={href}>
          {app.view}
        </LinkButton>
        {!isRunning(current) && (
          <Button
            look="quiet"
            onClick={() => {
              commands.dismiss()
            }}
          >
            {app.dismiss}
          </Button>
        )}
      </div>
    </aside>
  )
}

function useTheme(): void {
  const theme = usePreferences((state) => state.theme)
  useEffect(() => {
    const system = matchMedia('(prefers-color-scheme: dark)')
    const apply = () => {
      const dark = theme === 'dark' || (theme === 'system' && system.matches)
      paint(document, dark ? 'dark' : 'light')
    }
    apply()
    system.addEventListener('change', apply)
    return () => {
      system.removeEventListener('change', apply)
    }
  }, [theme])
}

function useLeaveWarning(): void {
  const isInCeremony = useCeremony((state) => isRunning(state.current))
  const isInRun = useWaitingRequests(isSigning)
  const running = isInCeremony || isInRun
  useEffect(() => {
    if (!running) return undefined
    const warn = (event: BeforeUnloadEvent) => {
      event.preventDefault()
    }
    addEventListener('beforeunload', warn)
    return () => {
      removeEventListener('beforeunload', warn)
    }
  }, [running])
}
