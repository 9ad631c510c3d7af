import { localeOf } from '../locale.ts'

const locale = localeOf('en')

export const create = {
  title: 'Create a wallet',
  name: 'Name',
  nameHint: 'Visible to all members, servers included. For example “Family savings”.',
  nameMissing: 'Give the wallet a name.',
  nameLong: 'At most 60 characters.',
  who: 'Who holds a share',
  whoHint: 'Every member holds one share. Nobody holds the whole key.',
  you: 'Holds share 1, sealed with your passphrase',
  server: 'Server, always on. Holds one share and signs what its policy allows',
  personName: (number: number) => `Name of person ${number}`,
  personHint: 'Your name for them; only you see it.',
  personMissing: 'Give everyone a name.',
  invite: 'Invite a person',
  remove: (name: string) => `Remove ${name}`,
  fingerprint: 'Fingerprint:',
  tooFew: 'A wallet needs at least two members: add a server or a person.',
  tooMany: 'A wallet has at most 20 members.',
  threshold: 'How many sign together',
  ofParties: (threshold: number, parties: number) => `${threshold} of ${parties}`,
  serversAlone: (threshold: number) =>
    `The servers alone can move the money: ${threshold} of them are enough, without you or any other person.`,
  serversAloneNow: (safe: number, parties: number) =>
    safe === parties
      ? `With ${safe} of ${parties} nothing is signed without you. Then every share is needed, so make a backup, or invite a person first.`
      : `With ${safe} of ${parties} nothing is signed without a person.`,
  choose: (threshold: number, parties: number) => `Choose ${threshold} of ${parties}`,
  meaningTitle: (threshold: number, parties: number) => `What ${threshold} of ${parties} means for your money`,
  meaning: (threshold: number, parties: number): readonly (readonly [situation: string, consequence: string])[] => {
    const shares = (count: number) => (count === 1 ? 'One share is' : `Up to ${count} shares are`)
    const spare = parties - threshold
    return [
      [
        `${shares(threshold - 1)} stolen`,
        'The thief cannot sign. Renew all shares soon: the stolen ones are then worth nothing.',
      ],
      spare === 0
        ? ['One share is lost', 'Nobody can move the money any more. Choose fewer signers to allow for a loss.']
        : [
            `${shares(spare)} lost`,
            'The others can still sign, and can replace the lost devices. Do so before another share is lost.',
          ],
      ...(spare === 0 ? [] : [[`${spare + 1} shares are lost`, 'Nobody can move the money any more.'] as const]),
      [
        `${threshold} members act together`,
        spare === 0
          ? 'That is everyone: nothing is signed unless all agree.'
          : 'They can sign without the rest. Whoever controls that many shares controls the money: let different people hold them.',
      ],
    ]
  },
  passphrase: 'Passphrase',
  passphraseHint: 'It opens the share on this device. Nobody can reset it.',
  repeat: 'Repeat the passphrase',
  different: 'The two passphrases differ.',
  weak: {
    short: 'Use at least 10 characters.',
    weak: 'This passphrase is too easy to guess. Use several unrelated words.',
    unmeasured: 'Its strength could not be measured here. Use at least 20 characters.',
  },
  show: 'Show',
  hide: 'Hide',
  strength: 'Strength',
  strengths: [
    'very easy to guess',
    'easy to guess',
    'somewhat hard to guess',
    'hard to guess',
    'very hard to guess',
  ] as readonly [string, string, string, string, string],
  submit: 'Create the wallet',
  noServers: 'No servers are configured',
  noServersText: 'You can create a wallet together with people you invite.',
  preparing: (found: number) =>
    `Preparing in the background: ${found} of 4 large primes found. You can fill in the form meanwhile.`,
  busy: 'A wallet is being created or used to sign. Wait until that ends, or cancel it.',
}

export const created = {
  title: 'Your wallet is ready',
  lead: (name: string) => `“${name}” exists, and every member has confirmed that their share is stored.`,
  next: 'Before you send money to it',
  asking:
    'Your browser may be asking whether Quorate may keep its data here. Allow it, so that this share is not deleted.',
  evictable:
    'This browser has not promised to keep the share on this device. Using Quorate for a while, or installing it, helps; so does a backup.',
  code: 'The check code that everyone compared:',
  care: [
    'Try it with a small amount first: send some to the address, and send it back.',
    'Remember the passphrase. There is no way to reset it.',
  ],
}

export const invitations = {
  share: 'Share …',
  shareLabel: (name: string) => `Share the invitation for ${name}`,
  mail: 'Mail …',
  mailLabel: (name: string) => `Write a mail with the invitation for ${name}`,
  subject: 'An invitation to a wallet',
  message: (name: string) =>
    `${name}, this link lets you join a wallet that we hold together. It is for you alone: do not pass it on. Open it soon; it holds for an hour.`,
  title: 'Invitations',
  lead: 'Send each person their own invitation over a channel you trust. Whoever has it can use it, once.',
  link: (name: string) => `Invitation for ${name}`,
  qr: (name: string) => `QR code of the invitation for ${name}`,
  show: 'Show QR code',
  until: (date: Date) => `Valid until ${locale.time(date)}`,
  revoke: 'Replace',
  revokeLabel: (name: string) => `Replace the invitation for ${name}`,
  revoked: 'The old invitation no longer works. A new one has taken its place.',
  here: 'Joined',
  awaited: 'Waiting',
  refused: (name: string) =>
    `Someone else tried to use the invitation for ${name} and was refused. If it does not work for ${name}, the wrong person has joined: replace the invitation.`,
}

export const codes = {
  title: 'Compare the check code',
  lead: 'Call the other members and read the code aloud. Everyone must see the same code. If not, someone may be intercepting the connection.',
  match: 'The codes match',
  differ: 'The codes differ',
  who: 'Who takes part',
  you: 'This device',
  wallet: 'Wallet name',
  policy: 'Signing',
  creator: '(created this session)',
}

export const join = {
  title: 'Join a wallet',
  lead: 'Someone who is creating a wallet with you has sent you an invitation: a link, a text, or a QR code.',
  paste: 'Invitation',
  pasteHint: 'The link, or the message that contains it.',
  look: 'Open the invitation',
  image: 'Read a QR code from an image',
  camera: 'Read a QR code with the camera',
  stopCamera: 'Stop the camera',
  cameraView: 'Picture of the camera',
  noQr: 'No readable QR code was found in this image.',
  noCamera: 'The camera is not available. Allow it for this page, or use an image or the link.',
  invited: (name: string) => `You are invited to “${name}”`,
  policy: 'Wallet',
  ofParties: (threshold: number, parties: number) => `${threshold} of ${parties} sign together`,
  existing: 'An existing wallet',
  existingHint: 'This device becomes a member of it. Ask whoever invites you whether this is its address.',
  before: 'Until now',
  seat: 'Your share',
  seatOf: (seat: number, parties: number) => `Number ${seat} of ${parties}`,
  by: 'Invited by',
  byHint: 'Fingerprint of the device that invites you. Ask that person to read theirs aloud (Settings).',
  expires: 'Valid until',
  date: locale.moment,
  taken: 'Someone has already used this invitation. If it was not you, tell the person who invited you.',
  inHistory:
    'Your browser keeps the link in its history. Join now: after that nobody else can use it. A text or QR code leaves nothing behind.',
  passphraseLead: 'Choose a passphrase for the share that this device will hold.',
  submit: 'Join',
  another: 'Use another invitation',
}
