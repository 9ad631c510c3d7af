import { localeOf } from '../locale.ts'

const locale = localeOf('en')

/** New shares of a wallet whose address stays. */
export const reshare = {
  title: 'Change devices, members or shares',
  lead: 'The address and the money stay where they are; only the shares are made anew. Nothing is sent to any network.',
  open: 'Change …',
  changes: {
    replace: {
      title: 'Replace a lost device',
      lead: 'A device is lost or broken, or its data is deleted. A new one takes its place.',
      limits: (signing: number) =>
        `The lost device may still hold its old share. That share alone is useless. But ${signing} old shares, from lost devices or old backups, are still the whole key.`,
    },
    move: {
      title: 'Move to a new device',
      lead: 'A device that is still there hands its place over to a new one.',
      limits: (signing: number) =>
        `The old device erases its share and says so to the others. Nobody can prove that no copy of it is left: ${signing} old shares, from copies or old backups, are still the whole key.`,
    },
    members: {
      title: 'Add or remove a member',
      lead: 'Somebody joins the wallet, or leaves it.',
      limits: (signing: number) =>
        `Nobody can be made to forget a share: whoever leaves may have kept a copy or a backup. One old share is useless alone, but ${signing} of them are still the whole key.`,
    },
    threshold: {
      title: 'Change how many must sign',
      lead: 'The members stay, and another number of them signs together.',
      limits: (signing: number) =>
        `The new number holds for the new shares. ${signing} of the old shares, from copies or old backups, can still sign.`,
    },
    renew: {
      title: 'Renew all shares',
      lead: 'The same members get new shares. What a thief has of the old ones fits nothing any more.',
      limits: (signing: number) =>
        `It helps against a thief who has fewer than ${signing} of the old shares. It does not help against one who has ${signing} of them, from devices or backups: that is the whole key. If that may be so, move the money to a new wallet.`,
    },
  },
  newWallet: 'Move the money to a new wallet instead',
  which: 'Which device',
  lostOne: 'The device that is lost',
  movingOne: 'The device that hands over its place',
  choose: 'Choose …',
  newName: 'What you call the new device, or its person',
  newNameHint: 'You send an invitation to it. The name is for this device only.',
  who: 'Who holds a share afterwards',
  whoHint: 'Everyone who holds a share afterwards must be there now.',
  part: (name: string) => `What becomes of ${name}`,
  parts: {
    stays: 'Stays a member',
    helps: 'Leaves, and takes part now',
    absent: 'Leaves, and is not there',
  },
  problems: {
    noDevice: 'Choose the device.',
    noName: 'Give everyone who is new a name.',
    nothing: 'Add a member or let one leave first.',
    sameNumber: 'Choose another number than now.',
    tooFewNow: 'Too few of the present members take part: as many as sign now must be there.',
    tooFew: 'A wallet needs at least two members.',
    tooMany: 'A wallet has at most 20 members.',
  },
  before: 'Before you start',
  there: 'Who must be there',
  thereHint: 'All of them at the same time, with Quorate open. People have one hour to come.',
  leftOut: 'Who is left out',
  leftOutHint:
    'Their shares fit nothing afterwards. Tell them yourself; the page of the wallet has a proof to send along.',
  time: 'How long it takes',
  timeHint: 'A device without primes in stock searches for them first, which can take minutes.',
  stays: 'What stays',
  staysText: (signing: number) =>
    `The address, the money and the history. Until every new member has confirmed, the old shares sign as before (${signing} of them).`,
  backups: 'Backups',
  backupsText:
    'Every member makes a new backup afterwards. Old backups do not work with the new shares, and should be destroyed then.',
  limits: 'What it does not do',
  passphraseHint: 'Opens the share on this device, and closes the new one.',
  start: 'Start',
  now: 'Now',
  afterwards: 'Afterwards',
  signing: 'Signing',
  members: 'Members',
  invited: (name: string) => `${name} (new, by invitation)`,
  joins: (name: string) => `${name} (new)`,
  asked: {
    device: (from: string, wallet: string) => `${from} asks to replace a device of “${wallet}”`,
    members: (from: string, wallet: string) => `${from} asks to change the members of “${wallet}”`,
    threshold: (from: string, wallet: string) => `${from} asks to change how many must sign with “${wallet}”`,
    renewal: (from: string, wallet: string) => `${from} asks to renew the shares of “${wallet}”`,
  },
  joining: 'Joins',
  newcomers: (count: number) =>
    count === 1 ? 'One new member, by invitation or a server' : `${count} new members, by invitation or servers`,
  newcomersHint: 'You see their fingerprints before anything is computed.',
  youStay: 'This device gets a new share. It erases the old one once everyone has confirmed.',
  youLeave: 'This device hands over its place. Afterwards it is no longer a member of this wallet.',
  fewerSign: 'Fewer members will be enough to move the money than now.',
  approve: 'Approve and take part',
  decline: 'Decline',
  declined: 'Declined. Nothing was changed.',
  doneTitle: 'The shares are renewed',
  done: (name: string) => `“${name}” has new shares, and every member has confirmed theirs. The address is the same.`,
  joinedTitle: (name: string) => `You are a member of “${name}”`,
  joined: 'This device holds a share, and every member has confirmed theirs.',
  leftTitle: (name: string) => `This device is no longer a member of “${name}”`,
  left: 'It has erased its share, and has told the others so.',
  proof: 'Proof of the change',
  proofSaveText:
    'For a device that was left out, or away at the end: it believes nobody’s word, but this file. It contains no secrets.',
  proofOpen: 'Were the shares renewed without this device?',
  proofForeign: 'That is not a QR code of such a proof.',
  proofOpenText:
    'Another member can send you the proof, from the page of the wallet. If it holds, this device follows: to its new share, or out of the wallet, with its old share erased. Anything else changes nothing.',
  backupNow: 'Make a new backup now',
  backupNowText:
    'Backups of before do not work with the new shares. Once every member has a new one, destroy the old ones: together they are still the whole key.',
}

/** The shares of a wallet that was reshared, and those of before. */
export const shares = {
  title: 'The shares of now',
  since: 'In use since',
  at: (date: Date) => locale.moment(date),
  joined: 'Members since then',
  backup: 'Backup of this share',
  backupMade: (date: Date) => `Made on ${locale.moment(date)}`,
  backupMissing: 'Not made yet on this device',
  backupOthers: 'What the others have made is not known here. Ask them.',
  old: 'The old shares',
  erased: (name: string) => `${name}: erased`,
  inBackups: (name: string, until: Date) => `${name}: erased, in backups of the server until ${locale.day(until)}`,
  silent: (name: string) => `${name}: no word, lost or not there`,
  tooFew: (count: number, signing: number) =>
    count === 0
      ? 'By what their devices have signed, none is left. Backups that people keep are not counted.'
      : `By what their devices have signed, at most ${count} can be left, and ${signing} would be needed to sign. Backups that people keep are not counted.`,
  enough: (count: number, signing: number) =>
    `Up to ${count} may be left, and ${signing} of them are still the whole key. Nobody can prove that a share is gone.`,
}
