import { localeOf } from '../locale.ts'

const locale = localeOf('en')

export const app = {
  name: 'Quorate',
  language: 'Language',
  languageFailed: 'The language could not be loaded. Check your connection and choose it again.',
  skip: 'Skip to content',
  navigation: 'Main',
  ceremony: 'Ceremony',
  wallets: 'Wallets',
  settings: 'Settings',
  requestCount: (count: number) => (count === 0 ? 'Requests' : `Requests (${count})`),
  running: (name: string) => `A ceremony for “${name}” is running.`,
  ended: (name: string) => `The ceremony for “${name}” has ended.`,
  view: 'View',
  close: 'Close',
  cancel: 'Cancel',
  copy: 'Copy',
  saveAs: (what: string) => `Save: ${what}`,
  copied: 'Copied',
  copyFailed: 'The browser did not allow copying. Select the text and copy it by hand.',
  loading: 'Loading …',
  offline: 'You are offline.',
  offlineRunning: 'What is under way goes on by itself once the connection is back. Keep this tab open.',
  offlineIdle: 'Your wallets are here; creating and signing need a connection.',
  silent: 'The coordinator does not answer.',
  silentIdle: 'Your wallets are here; creating and signing need it. It is asked again by itself.',
  unheard: 'Requests of the others do not reach this device.',
  unheardWhy:
    'The coordinator refuses to pass them on. Check that date and time of this device are right; it is asked again by itself.',
  tryAgain: 'Try again',
  technical: 'Technical details',
  and: locale.list,
  notFound: 'There is nothing at this address',
  notFoundHint: 'The wallet may have been created in another browser, or the link is incomplete.',
  broken: 'This page could not be shown',
  brokenHint: 'Check your connection and load it again. Your wallets and your money are as they were.',
  reload: 'Load again',
  insecure: 'Quorate cannot work at this address',
  insecureWhat:
    'The browser lets a page encrypt and guard what it keeps only where nobody on the way can change that page: at an address with https://, or on this very computer (http://localhost).',
  insecureNow:
    'Nothing was changed. Open Quorate at its https:// address; whoever runs it can tell you, or set one up.',
  toWallets: 'To your wallets',
  dismiss: 'Dismiss',
  thisDevice: 'This device',
  party: (seat: number) => `Party ${seat}`,
  bytes: (count: number) => (count === 1 ? '1 byte' : `${locale.number(count)} bytes`),
}

export const version = {
  offersTitle: (name: string) => `A new version of Quorate is ready: ${name}`,
  sameKey: 'It is signed by the same key as the version that you use.',
  bothUnsigned:
    'It is not signed, and neither is the version that you use. Ask whoever runs this address whether they changed it.',
  otherKeyTitle: 'The app at this address was changed by somebody else',
  otherKey: (name: string) => `Version ${name} is signed by another key than the version that you use.`,
  unsigned: (name: string) => `Version ${name} is not signed; the version that you use is.`,
  differsTitle: 'This address sends a changed app',
  differs: (files: string) => `Some of its files are not those of the build that it names: ${files}.`,
  money: 'This browser still runs the version that you have used so far, and your wallets are as they were.',
  ask: 'Do not enter a passphrase at this address on another device. Ask whoever runs it before you go on.',
  use: 'Use the new version',
  useAnyway: 'Use it all the same',
  failed: 'The new version could not be stored. Check your connection and try again.',
}

export const theme = { label: 'Appearance', system: 'Like the system', light: 'Light', dark: 'Dark' }

export const settings = {
  title: 'Settings',
  lockAfter: 'Lock when nobody is here',
  lockHint: 'Shares are closed after every use anyway. Locking also drops what was typed and not sent.',
  lockNever: 'Never',
  device: 'This device',
  fingerprint: 'Identity fingerprint',
  fingerprintHint: 'Read it out, so that somebody can check that it is this installation they are dealing with.',
  stock: 'Prepared primes',
  stockHint: 'Large primes for the next new wallet, made ahead of time and kept encrypted. Each set is used once.',
  stockReady: (sets: number) => (sets === 1 ? 'One set is ready' : `${sets} sets are ready`),
  stockSearching: (found: number) => `Searching: ${found} of 4 found`,
  stockFailed: 'The last search failed',
  stockUnknown: 'Not started yet',
  stockMake: 'Prepare now',
  kernel: 'Arithmetic',
  kernels: { 'relaxed-simd': 'WebAssembly, with relaxed SIMD', portable: 'WebAssembly, portable' },
  unknown: 'Not known',
  version: 'Version',
  protocol: 'Protocol',
  servers: 'Pinned server parties',
  serversHint: 'They came with this app. A session in which one of them shows other keys is refused.',
  storage: 'Storage',
  persistent: 'Kept until you delete it',
  evictable: 'The browser may delete it when the disk is full',
  persist: 'Ask the browser to keep it',
  persistRefused: 'The browser did not promise it. Using the app for a while, or installing it, helps.',
}

export const duration = {
  seconds: (count: number) => (count === 1 ? '1 second' : `${count} seconds`),
  minutes: (count: number) => (count === 1 ? '1 minute' : `${count} minutes`),
}

export const tabs = {
  elsewhere: 'This wallet is open in another tab',
  taken: 'Another tab has taken this wallet over',
  why: 'One tab at a time works with a wallet, so that nothing is answered or changed twice.',
  wait: 'It opens here by itself as soon as the other tab lets go of it. If you take it over, a signature that is under way there is cancelled.',
  takeBack: 'What was under way here has been cancelled, unless it could not be cancelled any more.',
  takeOver: 'Use it here',
}

export const locked = {
  title: 'Locked',
  text: 'Nobody was here for a while, so what was typed and not sent has been dropped. No share is open.',
  running: 'A ceremony goes on in the background.',
  open: 'Continue',
}
