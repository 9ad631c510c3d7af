import { localeOf } from '../locale.ts'

const locale = localeOf('en')

export const welcome = {
  title: 'A wallet no single device can empty',
  lead: 'Quorate splits the key of an Ethereum and Bitcoin wallet into shares before it ever exists as a whole. Your device holds one share; people you invite and servers hold the others. As many of them as you choose sign together.',
  points: [
    [
      'No whole key, anywhere',
      'Not while it is created, not while it signs. A thief who takes one share has nothing to sign with.',
    ],
    [
      'You see what you sign',
      'Quorate decodes and shows every transaction before it asks for your passphrase. Whoever signs with you checks it again.',
    ],
    ['The coordinator is not trusted', 'It delivers messages that it can neither read nor change unnoticed.'],
  ] as readonly (readonly [title: string, text: string])[],
  create: 'Create a wallet',
  join: 'Join with an invitation',
}

export const wallets = {
  title: 'Wallets',
  create: 'Create a wallet',
  join: 'Join',
  createdOn: (date: Date) => `Created ${locale.day(date)}`,
  ofParties: (threshold: number, parties: number) => `${threshold} of ${parties}`,
  joiningTitle: (name: string) => `“${name}” waits for the other members`,
  joiningText:
    'This device has its new share, but not every member has confirmed theirs. Quorate asks again by itself; nothing is lost meanwhile.',
  overTitle: (name: string) => `This device did not become a member of “${name}”`,
  overText: 'The change was given up. The wallet goes on with the members it had, and nothing of it is on this device.',
  leftTitle: (name: string) => `This device is no longer a member of “${name}”`,
  leftText: (since: Date | undefined) =>
    `The members have made new shares without it${since === undefined ? '' : `, known here since ${locale.moment(since)}`}. Its own share is erased. The wallet and its address are as before, with the others.`,
  leftBy: (names: string) =>
    `Made by ${names}, each of whom has signed for it. This device has checked their signatures.`,
  leftMoney:
    'The money is where it was. This device can no longer help to move it: whoever should still have a say asks the others for a new place. Its old backups are of no use to the wallet, and should be destroyed: as many old shares as signed before are still the whole key.',
  forget: 'Remove from this list',
  unfinishedTitle: (name: string) => `“${name}” was not finished`,
  unfinishedText:
    'This device stored its share, but not every member has confirmed. The address stays hidden, so that nobody sends money to a wallet that may be incomplete. Nothing else is affected.',
  unfinishedWhat:
    'Create the wallet again if you still need it. Discard this one once you are sure that no other member sees it as finished.',
  discard: 'Discard …',
  discardTitle: 'Discard this unfinished wallet?',
  discardText:
    'The share on this device will be deleted for good. If the other members hold a finished wallet, they will have to manage without this share.',
  discardYes: 'Delete the share',
  discarded: 'The unfinished wallet was discarded.',
}

export const wallet = {
  address: 'Ethereum address',
  addressHint: 'The same on every Ethereum-compatible network.',
  addressQr: 'QR code of the Ethereum address',
  bitcoin: 'Bitcoin address',
  bitcoinQr: 'QR code of the Bitcoin address',
  bitcoinHint:
    'Of the same key (native SegWit, main network). Make payments as a PSBT in a watch-only wallet, then sign them here.',
  sign: 'Sign',
  parties: 'Who holds a share',
  share: (seat: number) => `Share ${seat}`,
  policy: (threshold: number, parties: number) => `${threshold} of ${parties} sign together`,
  check: 'Check passphrase …',
  change: 'Change passphrase …',
  changeTitle: 'Change your passphrase',
  changeText:
    'For the share on this device. Copies of it elsewhere, such as backups, keep the passphrase they were made with.',
  currentPassphrase: 'Current passphrase',
  changeSubmit: 'Save the new passphrase',
  changing: 'Encrypting your share again …',
  changed: 'Passphrase changed.',
  checkTitle: 'Check your passphrase',
  checkText: 'Opens the share on this device and closes it again. Nothing leaves the device.',
  checkSubmit: 'Check',
  checkGood: 'The passphrase is correct, and the share on this device is intact.',
  checking: 'Opening the share …',
}

export const passkey = {
  title: 'Passkey',
  none: 'Sign with a fingerprint, a face, a PIN or a security key instead of typing the passphrase. The passphrase stays: it always opens the share, also without the passkey.',
  add: 'Add a passkey …',
  added: (date: Date) =>
    `Added on ${locale.day(date)}. It opens the share on this device for signing. Backups, exports and a change of passphrase ask for the passphrase as before.`,
  remove: 'Remove passkey …',
  notHere:
    'This browser offers no passkeys that can open a share (WebAuthn with the PRF extension). The passphrase does.',
  needsName:
    'Passkeys belong to host names, and this page was opened at a bare IP address. The passphrase works here as everywhere.',
  addTitle: 'Add a passkey',
  addText:
    'First your passphrase; then your device asks for a fingerprint, a face, a PIN or a security key, perhaps twice. Whoever can unlock that passkey and has this browser’s data can use the share on this device.',
  addSubmit: 'Add the passkey',
  adding: 'Opening the share, then follow what your device asks …',
  isAdded: 'Passkey added. It now opens this share, too.',
  removeTitle: 'Remove the passkey?',
  removeText:
    'It will not open the share any more. The passphrase does, as before. Your passkey manager may go on listing it; it opens nothing there.',
  removeSubmit: 'Remove the passkey',
  removed: 'Passkey removed.',
  sign: 'Sign with passkey',
  approve: 'Approve with passkey',
  hint: 'Not needed when you use the passkey.',
  goes: 'The passkey of this wallet goes with the old passphrase. You can add it again afterwards.',
}

export const history = {
  title: 'History',
  none: 'Nothing has been signed with this wallet on this device yet.',
  what: 'What',
  end: 'How it ended',
  ends: {
    signed: 'Signed',
    rejected: 'Rejected',
    withdrawn: 'Withdrawn',
    expired: 'Expired',
    replaced: 'Replaced',
    failed: 'Not signed',
  },
  search: 'Search the history',
  any: 'All',
  nothingFound: 'Nothing in the history is like that.',
  csv: 'Save as CSV',
  json: 'Save as JSON',
  perhaps: 'Perhaps signed',
  at: locale.moment,
  askedBy: (name: string) => `asked by ${name}`,
  withOthers: (names: string) => `with ${names}`,
  details: 'Details',
  all: (count: number) => `Show all ${locale.number(count)}`,
  message: (text: string) => `Message: “${text}”`,
  transaction: (title: string, to: string, network: string) =>
    to === '' ? `${title} · ${network}` : `${title} → ${to} · ${network}`,
  parties: (seats: readonly number[]) => `member ${seats.join(', ')}`,
}
