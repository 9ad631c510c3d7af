import { localeOf } from '../locale.ts'

const locale = localeOf('en')

export const backup = {
  link: 'Backup',
  title: (name: string) => `Backup of “${name}”`,
  lead: 'A backup is a file that holds this device’s share, encrypted with its own passphrase. It lets another device take this one’s place. It does not contain the whole key. Names and the wallet’s history travel with it.',
  none: 'This share has no backup',
  noneText:
    'It exists only on this device. If its data is deleted, the share is lost, and the other members have to manage without it.',
  now: 'Download a backup',
  later: 'I’ll do it later',
  stale: 'The backup of this share is out of date',
  staleText: (made: Date, renewed: Date) =>
    `It was made on ${locale.moment(made)}, before the shares were renewed on ${locale.moment(renewed)}, and does not work with the new shares. Make a new one; once every member has, destroy the old ones.`,
  made: (date: Date) => `Last backup: made ${locale.moment(date)}.`,
  checked: (date: Date) => `Last verified: ${locale.moment(date)}.`,
  notChecked: 'Not verified yet. Verify it, so you know it can be restored.',
  makeTitle: 'Make a backup',
  walletPassphrase: 'Passphrase of this wallet',
  filePassphrase: 'Passphrase for the file',
  filePassphraseHint:
    'Use a different one from the wallet’s. Anyone who has the file and this passphrase has this share. Keep them in different places.',
  submit: 'Download the backup',
  making: 'Encrypting … This takes a few seconds on purpose: it makes guessing slow too.',
  saved: (file: string) => `The backup is saved as ${file}. Verify it now, then store it where you will find it.`,
  checkTitle: 'Verify a backup',
  checkText:
    'Opens a backup on this device and compares it with this wallet, primes included, as a restore would. Changes nothing.',
  file: 'Backup file',
  fileHint: 'The file whose name ends in .age.',
  choose: 'Choose a file …',
  chosen: (name: string) => `Chosen: ${name}`,
  noFile: 'Choose the file first.',
  tooLong: 'This file is too large to be a backup.',
  unreadable: 'This file could not be read.',
  noPassphrase: 'Enter the passphrase.',
  checkSubmit: 'Verify',
  checking: 'Opening and verifying …',
  good: 'Backup verified',
  goodText: (date: Date) =>
    `It opens, all checks passed, and it holds this device’s share of this wallet. It was made on ${locale.moment(date)}.`,
  goodNoIdentity:
    'It contains no identity. Whoever restores it cannot sign with the other members, only help to reassemble the key.',
  sheet: 'Recovery sheet',
  sheetText: 'A page to print for whoever has to find the backups one day. It contains no secrets.',
  sheetOpen: 'Open the recovery sheet',
  exportTitle: 'For other software',
  exportText:
    'Saves this share as tss-lib JSON, unencrypted. Anyone who reads the file has the share, without a passphrase. You need this only to move to a Go program that uses tss-lib.',
  exportConfirm: 'I understand that this file is not encrypted, and will delete it after use.',
  exportSubmit: 'Save the unencrypted share',
  exported: (file: string) => `Saved as ${file}, not encrypted.`,
}

export const restore = {
  link: 'Restore',
  title: 'Restore a wallet',
  lead: 'From a backup you made, or from a file of a program that uses tss-lib.',
  what: 'What do you have?',
  kinds: { backup: 'A backup', guardians: 'Pieces of guardians', 'save-data': 'A tss-lib file' },
  opened: (name: string) => `You have opened ${name}.`,
  passphrase: 'Passphrase of the backup',
  saveData: 'File with the share',
  saveDataHint: 'LocalPartySaveData as JSON. It is not encrypted: delete it once the wallet is restored.',
  threshold: 'How many sign together',
  thresholdHint:
    'The file does not contain this number, and Quorate checks it. tss-lib counts one less: its “threshold” 1 means that 2 sign.',
  thresholdWrong: 'Enter a whole number, 2 or more.',
  submit: 'Open',
  opening: 'Opening and checking …',
  again: 'Use another file',
  found: 'All checks passed',
  name: 'Name',
  address: 'Ethereum address',
  policy: 'Wallet',
  ofParties: (threshold: number, parties: number) => `${threshold} of ${parties} sign together`,
  seat: 'This share',
  seatOf: (seat: number, parties: number) => `Number ${seat} of ${parties}`,
  holders: 'Who holds the other shares',
  made: 'Backup made',
  date: (date: Date) => locale.moment(date),
  same: 'This share is already on this device',
  sameText: 'This device already has this very share. There is nothing to restore.',
  other: 'This device has another share of this wallet',
  otherText:
    'A device holds one share of a wallet, and Quorate never overwrites one. Restore this share on a different device.',
  stale: 'This backup is of before the shares were renewed',
  staleText: (made: Date | undefined, renewed: Date | undefined) =>
    `${made === undefined ? 'It was made' : `It is of ${locale.moment(made)}, and was made`} before the shares were renewed${renewed === undefined ? '' : ` on ${locale.moment(renewed)}`}. It does not work with the shares of now, and this device holds one of those. Nobody did anything wrong: use the share that is here, and destroy this backup once every member has a new one.`,
  left: 'This wallet goes on without this device',
  leftText: (made: Date | undefined, renewed: Date | undefined) =>
    `${made === undefined ? 'The file was made' : `The backup is of ${locale.moment(made)}, and was made`} before the members changed${renewed === undefined ? '' : ` on ${locale.moment(renewed)}`}. It does not work with the shares of now. To become a member again, ask the members for an invitation.`,
  noIdentity:
    'This file contains no identity that the other members know. You can view, back up and export the wallet here, but not sign with the others.',
  twice:
    'If the device that held this share still has it, stop using it there. Two devices with one share interfere with each other.',
  newPassphrase: 'Choose a passphrase for this share on this device. It can differ from the previous one.',
  keep: 'Restore the wallet',
  keeping: 'Encrypting and storing …',
  done: (name: string) => `“${name}” is restored.`,
  toWallet: 'To the wallet',
  unknownHolder: 'Unknown',
  cannotSign: 'This wallet cannot sign here',
  cannotSignText:
    'Its share was imported without the identities of the other members. You can back it up, export it, and combine it with others by npm run recover.',
}

export const sheet = {
  owner: (name: string) => (name === '' ? 'The owner of this sheet' : `${name}, the owner of this sheet`),
  title: 'Recovery sheet',
  print: 'Print',
  lead: 'Keep this sheet with your papers. It contains no secrets: nobody can move money with it.',
  wallet: 'Wallet',
  address: 'Ethereum address',
  bitcoin: 'Bitcoin address',
  publicKey: 'Public key',
  policy: 'To sign',
  ofParties: (threshold: number, parties: number) => `${threshold} of ${parties} shares`,
  seat: 'This share',
  seatOf: (seat: number, parties: number) => `Number ${seat} of ${parties}`,
  code: 'Check code of this sheet',
  codeHint: 'Every member’s sheet shows the same code. Compare yours with theirs.',
  holders: 'Who holds the shares',
  printed: (date: Date) => `Printed on ${locale.day(date)}`,
  qr: 'QR code with the public data of this wallet',
  fill: 'To be filled in by hand',
  fields: ['Where the backup file is', 'Where its passphrase is (not here)', 'Last checked on, by', 'Whom to call'],
  how: 'When this device is lost',
  steps: [
    'Open Quorate on another device, choose “Restore”, and provide the backup file and its passphrase.',
    'Sign a small payment with the other members, to confirm that it works.',
    'If too few members are left to sign, npm run recover in Quorate’s repository reassembles the key from the backups of as many members as sign. Run it on a computer without a network, then move the money at once.',
    'The backup is an age file: the age program (age-encryption.org) opens it without Quorate.',
    'Quorate normalizes a passphrase before it encrypts: accents and the like become one character with their letter (Unicode form NFC). If age refuses a passphrase with such characters, give it in that form.',
  ],
}
