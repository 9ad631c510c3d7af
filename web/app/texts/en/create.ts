import { localeOf } from '../locale.ts'

const locale = localeOf('en')

export const create = {
  title: 'Create a wallet',
  name: 'Name',
  nameHint: 'For you and the other parties, for example “Family savings”. The server parties see it.',
  nameMissing: 'Give the wallet a name.',
  nameLong: 'At most 60 characters.',
  who: 'Who holds a share',
  whoHint: 'Every party holds one share. Nobody holds the whole key.',
  you: 'Holds share 1, sealed with your passphrase',
  server: 'Server party, always on. Holds one share and signs what its policy allows',
  personName: (number: number) => `Name of person ${number}`,
  personHint: 'What you call them; only you see it.',
  personMissing: 'Give everybody a name.',
  invite: 'Invite a person',
  remove: (name: string) => `Remove ${name}`,
  fingerprint: 'Fingerprint',
  tooFew: 'A wallet needs at least two parties: add a server party or a person.',
  tooMany: 'A wallet has at most 20 parties.',
  threshold: 'How many sign together',
  ofParties: (threshold: number, parties: number) => `${threshold} of ${parties}`,
  meaningTitle: (threshold: number, parties: number) => `What ${threshold} of ${parties} means for your money`,
  meaning: (threshold: number, parties: number): readonly (readonly [situation: string, consequence: string])[] => {
    const shares = (count: number) => (count === 1 ? 'One share is' : `Up to ${count} shares are`)
    const spare = parties - threshold
    return [
      [
        `${shares(threshold - 1)} stolen`,
        'The thief cannot sign. Move the money to a new wallet without haste, but soon.',
      ],
      spare === 0
        ? [
            'One share is lost',
            'The money cannot be moved any more, by anybody. Choose fewer signers to allow for a loss.',
          ]
        : [
            `${shares(spare)} lost`,
            'The others still sign. Move the money to a new wallet, before another one is lost.',
          ],
      ...(spare === 0
        ? []
        : [[`${spare + 1} shares are lost`, 'The money cannot be moved any more, by anybody.'] as const]),
      [
        `${threshold} parties act together`,
        spare === 0
          ? 'They are all there is: nothing is signed without everybody.'
          : 'They can sign without the rest. Whoever controls that many shares controls the money: let different people hold them.',
      ],
    ]
  },
  passphrase: 'Passphrase',
  passphraseHint: 'It opens the share on this device. Nobody can reset it.',
  repeat: 'Repeat the passphrase',
  different: 'The two passphrases differ.',
  tooShort: 'Use at least 10 characters.',
  tooWeak: 'This passphrase is easy to guess. Use several unrelated words.',
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
  noServers: 'No server parties are configured',
  noServersText: 'You can create a wallet together with people you invite.',
  preparing: (found: number) =>
    `Preparing in the background: ${found} of 4 large primes found. You can fill in the form meanwhile.`,
  busy: 'Another ceremony is running. Wait for it to end, or cancel it.',
}

export const created = {
  title: 'Your wallet is ready',
  lead: (name: string) => `“${name}” exists, and every party has confirmed that its share is stored.`,
  next: 'Before you send money to it',
  asking:
    'Your browser may be asking whether Quorate may keep its data here. Allow it, so that this share is not deleted.',
  evictable:
    'This browser has not promised to keep the share on this device. Using Quorate for a while, or installing it, helps; so does a backup.',
  code: 'The check code that everybody compared:',
  care: [
    'Try it with a small amount first: send some to the address, and send it back.',
    'Remember the passphrase. There is no way to reset it.',
  ],
}

export const invitations = {
  title: 'Invitations',
  lead: 'Give each person their own invitation, over a channel you trust. Whoever has it can take the seat, once.',
  link: (name: string) => `Invitation for ${name}`,
  qr: (name: string) => `QR code of the invitation for ${name}`,
  show: 'Show QR code',
  until: (date: Date) => `Valid until ${locale.time(date)}`,
  revoke: 'Replace',
  revokeLabel: (name: string) => `Replace the invitation for ${name}`,
  revoked: 'The old invitation no longer works. A new one has taken its place.',
  here: 'Has come',
  awaited: 'Not here yet',
  refused: (name: string) =>
    `Somebody else tried to use the invitation for ${name} and was refused. If ${name} says that it does not work for them, the wrong person has come: replace it.`,
}

export const codes = {
  title: 'Compare the check code',
  lead: 'Call the others and read the code out. Everybody must see the same one; if not, somebody stands between you.',
  match: 'The codes match',
  differ: 'They differ',
  who: 'Who takes part',
  you: 'This device',
}

export const join = {
  title: 'Join a wallet',
  lead: 'Somebody who creates a wallet with you has given you an invitation: a link, a text, or a QR code.',
  paste: 'Invitation',
  pasteHint: 'The whole link, or the text after “join/”.',
  look: 'Look at it',
  image: 'Read a QR code from an image',
  camera: 'Read a QR code with the camera',
  stopCamera: 'Stop the camera',
  cameraView: 'Picture of the camera',
  noQr: 'There is no readable QR code in this image.',
  noCamera: 'The camera is not available. Allow it for this page, or use an image or the link.',
  invited: (name: string) => `You are invited to “${name}”`,
  policy: 'Wallet',
  ofParties: (threshold: number, parties: number) => `${threshold} of ${parties} sign together`,
  seat: 'Your share',
  seatOf: (seat: number, parties: number) => `Number ${seat} of ${parties}`,
  by: 'Invited by',
  byHint: 'Fingerprint of the installation that invites you. Ask that person to read theirs out (Settings).',
  expires: 'Valid until',
  date: locale.moment,
  taken: 'Somebody has already come with this invitation. If it was not you, tell the person who invited you.',
  passphraseLead: 'Choose a passphrase for the share that this device will hold.',
  submit: 'Join',
  another: 'Use another invitation',
}
