import { localeOf } from '../locale.ts'

const locale = localeOf('en')

export const app = {
  name: 'Quorate',
  language: 'Language',
  languageFailed: 'The language could not be loaded. Check your connection and choose it again.',
  skip: 'Skip to content',
  navigation: 'Main',
  ceremony: 'In progress',
  wallets: 'Wallets',
  settings: 'Settings',
  requestCount: (count: number) => (count === 0 ? 'Requests' : `Requests (${count})`),
  running: (name: string) => `Work on “${name}” is in progress.`,
  ended: (name: string) => `Work on “${name}” has ended.`,
  view: 'View',
  close: 'Close',
  cancel: 'Cancel',
  copy: 'Copy',
  saveAs: (what: string) => `Save: ${what}`,
  copied: 'Copied',
  copyFailed: 'The browser did not allow copying. Select the text and copy it by hand.',
  loading: 'Loading …',
  offline: 'You are offline.',
  offlineRunning: 'Work in progress resumes by itself once you are back online. Keep this tab open.',
  offlineIdle: 'You can view your wallets. Creating and signing need a connection.',
  silent: 'The coordinator is not responding.',
  silentIdle: 'You can view your wallets. Creating and signing need the coordinator. Quorate keeps trying.',
  unheard: 'Requests from other members are not reaching this device.',
  unheardWhy:
    'The coordinator refuses to deliver them. Check that the date and time of this device are right. Quorate keeps trying.',
  tryAgain: 'Try again',
  technical: 'Technical details',
  and: locale.list,
  notFound: 'Page not found',
  notFoundHint: 'The wallet may have been created in another browser, or the link is incomplete.',
  broken: 'This page could not be displayed',
  brokenHint: 'Check your connection and reload the page. Your wallets and your money are unchanged.',
  reload: 'Reload',
  insecure: 'Quorate does not work at this address',
  insecureWhat:
    'Browsers allow encryption and protected storage only on secure pages: at an address that starts with https://, or on this computer itself (http://localhost).',
  insecureNow:
    'Nothing was changed. Open Quorate at its https:// address. Whoever runs it can tell you the address or set one up.',
  toWallets: 'To your wallets',
  dismiss: 'Dismiss',
  thisDevice: 'This device',
  party: (seat: number) => `Member ${seat}`,
  bytes: (count: number) => (count === 1 ? '1 byte' : `${locale.number(count)} bytes`),
}

export const version = {
  offersTitle: (name: string) => `A new version of Quorate is ready: ${name}`,
  sameKey: 'It is signed by the same key as the version that you use.',
  bothUnsigned:
    'It is not signed, and neither is the version that you use. Ask whoever runs this address whether they changed it.',
  otherKeyTitle: 'Someone else changed the app at this address',
  otherKey: (name: string) => `Version ${name} is signed by another key than the version that you use.`,
  unsigned: (name: string) => `Version ${name} is not signed; the version that you use is.`,
  differsTitle: 'This address sends a modified app',
  differs: (files: string) => `These files differ from the build that it announces: ${files}.`,
  money: 'This browser still runs the version you have used so far, and your wallets are unchanged.',
  ask: 'Do not enter a passphrase at this address on another device. Ask whoever runs it before you go on.',
  use: 'Use the new version',
  useAnyway: 'Use this version anyway',
  failed: 'The new version could not be stored. Check your connection and try again.',
}

export const theme = { label: 'Appearance', system: 'Match system', light: 'Light', dark: 'Dark' }

export const settings = {
  title: 'Settings',
  lockAfter: 'Clear the screen after inactivity',
  lockHint:
    'Quorate closes your share after every use. Clearing the screen also discards anything you typed but did not submit. It is no lock: whoever uses this device sees names, addresses and history again without a passphrase. Signing always asks for it.',
  lockNever: 'Never',
  device: 'This device',
  fingerprint: 'Identity fingerprint',
  fingerprintHint: 'Read it aloud to other members, so that they can confirm they are dealing with this device.',
  stock: 'Prepared primes',
  stockHint: 'Large primes for your next wallet, generated ahead of time and stored encrypted. Each set is used once.',
  stockReady: (sets: number) => (sets === 1 ? 'One set is ready' : `${sets} sets are ready`),
  stockSearching: (found: number) => `Searching: ${found} of 4 found`,
  stockFailed: 'The last search failed',
  stockUnknown: 'Not started yet',
  stockMake: 'Prepare now',
  kernel: 'Arithmetic',
  kernels: { 'relaxed-simd': 'WebAssembly, with relaxed SIMD', portable: 'WebAssembly, portable' },
  unknown: 'Unknown',
  version: 'Version',
  protocol: 'Protocol',
  servers: 'Pinned servers',
  serversHint: 'They came with this app. Quorate refuses to work with one of them if it presents different keys.',
  storage: 'Storage',
  persistent: 'Kept until you delete it',
  evictable: 'The browser may delete it when the disk is full',
  persist: 'Ask the browser to keep it',
  lacking: 'Not in this browser',
  lackingHint: 'Quorate does without.',
  persistRefused: 'The browser did not agree. Using the app for a while, or installing it, helps.',
}

export const coordinators = {
  label: 'Coordinator',
  chooseTitle: 'Choose a coordinator',
  choose:
    'This address serves the app only. A coordinator carries the messages between the members of a wallet; it never sees a key. Use the one that the other members use.',
  hint: 'Only you can change it. Requests to sign arrive only through the coordinator that this device uses, so agree on it with the other members.',
  use: 'Use this coordinator',
  chosen: (origin: string) => `This device now uses ${origin}.`,
  underWay: 'You cannot change it while a wallet is being created or a signature is in progress on this device.',
  otherTitle: 'This invitation is for another coordinator',
  other: (origin: string, ours: string) => `The invitation is for ${origin}. This device uses ${ours}.`,
  useOther: (origin: string) => `Use ${origin} from now on`,
}

export const duration = {
  seconds: (count: number) => (count === 1 ? '1 second' : `${count} seconds`),
  minutes: (count: number) => (count === 1 ? '1 minute' : `${count} minutes`),
}

export const tabs = {
  elsewhere: 'This wallet is open in another tab',
  taken: 'Another tab has taken this wallet over',
  why: 'Only one tab works with a wallet at a time, so that nothing is answered or changed twice.',
  wait: 'It opens here by itself as soon as the other tab is done with it. If you take it over, a signature in progress there is cancelled.',
  takeBack: 'Work in progress here was cancelled, unless it was too late to cancel.',
  takeOver: 'Use the wallet here',
}

export const locked = {
  title: 'Screen cleared',
  text: 'Nobody was here for a while, so Quorate cleared the screen and discarded anything you had not submitted. No share is open. Names, addresses and history show again without a passphrase; signing asks for it.',
  running: 'Work continues in the background.',
  open: 'Continue',
}

/** Several signatures with one passphrase: how long the share stays open, chosen each time. */
export const unlocking = {
  keep: 'Keep this wallet unlocked',
  keepHint: 'Until then, anyone who uses this device can sign and approve with this wallet.',
  once: 'No, ask every time',
  minutes: (count: number) => `For ${count} minutes`,
  until: (time: Date) => `Unlocked until ${locale.time(time)}`,
  text: 'You can sign and approve with this wallet without your passphrase.',
  lock: 'Lock now',
}

/** Before a share is stored: what becomes of it. */
export const keeping = {
  title: 'Your share will be kept in this browser',
  text: 'Do this in a normal window: what a private (incognito) window stores is gone when you close it. Make a backup once the wallet is there.',
  privateTitle: 'This is a private window: your share goes when you close it',
  privateText:
    'The browser deletes everything that is stored in this window, and your share with it. Open this address in a normal window instead. If you go on here, download a backup before you close the window.',
}
