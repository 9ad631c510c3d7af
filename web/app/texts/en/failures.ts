/** The sentences of failureTexts.ts: what happened, what it means for the money, what to do now. */
export const failures = {
  money: {
    unchanged: 'Nothing was changed: your wallets and your money are as they were.',
    unsigned: 'Nothing was signed by this attempt, and no money was moved. The share on this device is unchanged.',
    maybeSigned:
      'Treat this as signed: this device’s part of the signature was on its way, so another member may hold a complete, valid one. Signing the very same content again does no harm. Before you sign another in its place, find out whether it was used; a transaction can be looked up on its network. The share on this device is unchanged.',
    signedByOthers:
      'The others have signed what you were asked for. The share on this device is unchanged, and no second signature exists.',
    unconfirmed:
      'Your share is stored, but not everybody has confirmed. The wallet is kept as “not finished” and its address stays hidden; do not send money to it.',
    unreshared: 'The shares were not changed. The wallet signs with them as before, and its address is the same.',
    unswitched:
      'Your new share is stored, but not everyone has confirmed. Until then the old shares sign, and the address is the same either way. Quorate finishes by itself once the others are heard: do not delete anything.',
    noWallet: 'No wallet was created, so no money can be in it. Your other wallets are untouched.',
  },
  misbehaviour: {
    title: (names: string) => `${names} failed a safety check`,
    now: 'Do not simply try again. Ask whoever runs that device to look into it, and show them the details below.',
    nobodyTitle: 'A safety check failed',
    nobody: (what: string) => `${what} The protocol cannot tell whose fault it is; it may also be the coordinator’s.`,
    nobodyNow: 'Try again once. If the check fails again, do not work with these members until the cause is known.',
    checks: {
      codes: 'The check codes were not the same for everyone: someone may be intercepting the connection.',
      terms:
        'What the coordinator delivered does not match what was agreed. Someone may be trying to take a member’s place.',
      broadcast: 'It told different members different things. Honest software never does that.',
      confirmation: 'The members do not confirm the same result, so it must not be used.',
      message: 'A message was damaged, out of place, or not from whom it claimed to be.',
      newShare: 'The share that came out of the computation failed a check.',
      protocol:
        'What it sent breaks the protocol. This can be a defect or an attack; in either case this device did not go along with it.',
    },
  },
  evidence: {
    text: 'What it signed shows this to anybody. Keep the file if you want to take it up with them.',
    name: 'Evidence',
  },
  timedOut: {
    title: (names: string) => `No answer from ${names}`,
    nobodyTitle: 'No answer in time',
    seats: 'Not every member joined in time, so the computation never began.',
    confirmation: 'The computation finished, but not every member confirmed the result in time.',
    round:
      'It stopped sending messages in the middle of the computation. It may have lost its connection or been shut down.',
    silence: (what: string, duration: string) => `${what} For ${duration} nothing came.`,
    now: 'Check that the missing device is running and connected, then try again.',
  },
  gaveUp: {
    title: (name: string) => `${name} stopped`,
    now: 'Try again. If it happens again, ask whoever runs that device what its log says.',
    another: 'another member',
    refused: 'It did not agree to take part.',
    policy: 'It did not agree to take part. Its policy does not allow this.',
    policyNow: 'Ask whoever runs it what it agrees to. Trying again changes nothing.',
    busy: 'It takes part in as many sessions as it can at the moment.',
    busyNow: 'Try again in a few minutes.',
    declined: 'Its person declined.',
    noShare: 'It holds no share of this wallet that fits. The wallet may have been given new shares since.',
    restarted: 'It was restarted and has forgotten this session.',
    misbehaviour: (whom: string) => `It says that ${whom} failed a safety check.`,
    timedOut: (whom: string) => `It says that it waited too long for ${whom}.`,
    disconnected: 'It says that it lost its connection.',
    other: 'It ended its part before the result was there.',
  },
  disconnected: {
    title: 'The connection was lost',
    what: 'The coordinator, which delivers messages between the members, could not be reached.',
    now: 'Check your network connection and that the coordinator is running, then try again.',
  },
  cancelled: {
    title: 'Cancelled',
    what: 'You stopped it. The other members were told.',
    now: 'You can start again whenever you like.',
  },
  crashed: {
    title: 'The computation stopped unexpectedly',
    what: 'The part of the app that computes with your share ended unexpectedly, perhaps for lack of memory.',
    now: 'Close other tabs, reload this page and try again. If it happens again, please report it with the details below.',
  },
  unloaded: {
    title: 'A part of Quorate could not be loaded',
    what: 'Either there is no connection, or a newer version has replaced this one.',
    now: 'Check your connection, reload this page and try again.',
  },
  refusals: {
    coordinator: {
      title: 'The coordinator refused',
      what: 'The coordinator did not accept what this device asked of it. Its own words are in the details below; nobody has checked them.',
      now: 'Try again. If it happens again, show the details below to whoever runs the coordinator.',
    },
    epoch: {
      title: "The wallet's shares have been renewed",
      what: 'This was asked with shares that are no longer in use, or that this device does not have yet. The wallet and its address are unchanged.',
      now: 'Open Quorate on every device of the wallet, so that all of them have the newest shares, and ask again.',
    },
    invitationExpired: {
      title: 'This invitation has expired',
      what: 'Invitations are valid for a limited time only.',
      now: 'Ask the person who invited you for a new one. If it was made just now, check the date and time of this device.',
    },
    invitationOver: {
      title: 'This invitation is no longer valid',
      what: 'It was replaced by another one, or the wallet is no longer being created.',
      now: 'Ask the person who invited you for a new one.',
    },
    invitationUsed: {
      title: 'This invitation has been used',
      what: 'What it was for is done: everybody has confirmed it, and nobody can join any more.',
      now: 'If you took part on this device, the wallet is in your list. If you did not, ask the person who invited you.',
    },
    invitationElsewhere: {
      title: 'This invitation is for another address',
      what: 'It leads to another installation of Quorate than the one you are using.',
      now: 'If you know and trust that address, open the link there.',
    },
    invitation: {
      title: 'This invitation cannot be used',
      what: 'It is incomplete, damaged, or not an invitation to a wallet.',
      now: 'Copy all of it again, or ask for a new one.',
    },
    invitationMangled: {
      title: 'This invitation has been changed on its way',
      what: 'The app that passed it on wrote “%23” where “#” belongs. Whoever opens such a link sends its secret to the server.',
      now: 'Ask the person who invited you to replace the invitation, and to send the new one through another app or as a QR code.',
    },
    invitationSeveral: {
      title: 'There are several invitations in this text',
      what: 'Each is for one person, and Quorate cannot tell which one is yours.',
      now: 'Copy only the one that was made for you.',
    },
    invitationOpen: {
      title: 'This invitation is open in another tab',
      what: 'One tab at a time takes part with an invitation. The other one goes on as if nothing had happened.',
      now: 'Go on in the other tab. If you cannot find it, close it with its window, and open the link again.',
    },
    seatElsewhere: {
      title: 'Open on another device or in another tab',
      what: 'You take part from there, with the same identity. This one has stepped back, and nobody has noticed.',
      now: 'Go on there. If that is not you, cancel there and have everybody start again.',
    },
    signedWithout: {
      title: 'Signed without you',
      what: 'Enough other members approved before you did. Your approval was no longer needed.',
      now: 'There is nothing left to do. Whoever asked has the signature.',
    },
    parties: {
      title: 'Not the members of this wallet',
      what: 'Those who joined do not hold the shares of this wallet, or were asked for something else.',
      now: 'Do not simply try again. Find out who runs the coordinator and the other devices.',
    },
    locked: {
      title: 'The wallet is locked again',
      what: 'The time that you unlocked it for is over, or its share has changed since. Nothing was signed.',
      now: 'Type the passphrase, or use the passkey.',
    },
    passkeyUnused: {
      title: 'The passkey was not used',
      what: 'It was not confirmed in time, was cancelled, or is not on this device.',
      now: 'Try again, or type the passphrase: it always opens the share.',
    },
    passkeyNoPrf: {
      title: 'This passkey cannot open a share',
      what: 'The authenticator offers no secret to encrypt with (no PRF), so nothing was added.',
      now: 'Use another one, such as the passkeys of this device’s system, or stay with the passphrase. You can delete the unused passkey where your device lists them.',
    },
    passkey: {
      title: 'The passkey does not open this share',
      what: 'It was added to the share as it was before, or what is stored of it is damaged.',
      now: 'Type the passphrase. Then remove the passkey on the page of the wallet, and add it again.',
    },
    passphrase: {
      title: 'The passphrase is wrong',
      what: 'It does not open the share on this device.',
      now: 'Type it again. Check capital letters and the keyboard layout. There is no limit on attempts.',
    },
    shareMissing: {
      title: 'The share is not on this device',
      what: 'The wallet is listed, but its share is gone from this browser’s storage.',
      now: 'Do not delete anything. Restore your backup, or ask the other members to replace this device: together they can still sign.',
    },
    share: {
      title: 'The share cannot be used',
      what: 'What is stored on this device is damaged or belongs to another wallet.',
      now: 'Do not delete anything. Restore your backup, or ask the other members to replace this device: together they can still sign.',
    },
    storageFull: {
      title: 'There is no space left',
      what: 'The browser’s storage or the disk is full, so nothing could be stored.',
      now: 'Free some space and try again.',
    },
    storageNewer: {
      title: 'A newer version of Quorate has been used here',
      what: 'This tab is too old to read what the newer version stored.',
      now: 'Reload the page.',
    },
    storageClosed: {
      title: 'This tab is out of date',
      what: 'Another tab with a newer version of Quorate took over the storage.',
      now: 'Reload the page.',
    },
    storageLost: {
      title: 'The browser closed its storage',
      what: 'Either the data of this site was cleared, or the browser broke off while it stored something.',
      now: 'Reload the page. If a wallet is no longer listed, restore it from its backup.',
    },
    storageDamaged: {
      title: 'What is stored on this device cannot be read',
      what: 'The browser’s profile or the disk is damaged, or another program holds on to it.',
      now: 'Restart the browser or the app, and check the disk. If it stays like this, restore the wallet from its backup on another device or in another profile. Delete nothing before that.',
    },
    storageIncomplete: {
      title: 'The storage of this site is incomplete',
      what: 'It exists without the parts in which Quorate keeps wallets, perhaps because it was interrupted when it was first made.',
      now: 'If a wallet was here, have its backup at hand. Clear the data of this site in the browser’s settings, reload the page, and restore the wallet.',
    },
    storage: {
      title: 'The browser does not allow storage',
      what: 'Private windows and strict settings keep Quorate from storing a share, and without storing it there can be no wallet.',
      now: 'Open Quorate in a normal window, or allow this site to store data and cookies.',
    },
    primesTaken: {
      title: 'Another window was faster',
      what: 'The large primes prepared on this device were just used by another window. Each set is used only once.',
      now: 'Try again; a new set will be prepared first.',
    },
    primes: {
      title: 'The prepared primes cannot be used',
      what: 'The large primes prepared on this device are damaged. They were never part of a key and have been removed.',
      now: 'Try again; a new set will be prepared first.',
    },
    content: {
      title: 'This cannot be signed',
      what: 'It does not decode as a transaction or message. Quorate never signs what it cannot read and show.',
      now: 'Ask for it again where it came from.',
    },
    configuration: {
      title: 'The servers are unknown',
      what: 'The list of servers that belongs to this app could not be read.',
      now: 'Reload the page. If it stays like this, the installation is damaged.',
    },
    backupPassphrase: {
      title: 'The passphrase does not open this file',
      what: 'It was encrypted with another one, or its first lines are damaged.',
      now: 'Type it again. Check capital letters and the keyboard layout. It is the passphrase of the file, which may differ from the wallet’s.',
    },
    backupOther: {
      title: 'This backup does not belong here',
      what: 'It opens, but it is of another wallet, or of another share of this one.',
      now: 'Look for the file of this wallet and this device. The details below say what it is.',
    },
    backupDamaged: {
      title: 'This backup is damaged',
      what: 'Something in it was changed or is missing. Nothing of it was used.',
      now: 'Use another copy of it. If this is the only one, keep it, and make a new backup from the device that still has the share.',
    },
    backupForeign: {
      title: 'This is not a backup',
      what: 'It is not an age file that was encrypted with a passphrase, or not one that Quorate made.',
      now: 'Choose the file that you downloaded from Quorate. Its name ends in .age.',
    },
    shareFile: {
      title: 'The share in this file cannot be used',
      what: 'It opens, but a check of what it holds fails. Nothing of it was stored.',
      now: 'Use another copy of the file.',
    },
    shareThreshold: {
      title: 'Another number of members signs',
      what: 'The share in this file was made for another number of members that sign together. Nothing of it was stored.',
      now: 'Enter the number that the details below give.',
    },
    shareForeign: {
      title: 'This file holds no share of tss-lib',
      what: 'It is not JSON, or no part of it is a share of tss-lib. Nothing of it was stored.',
      now: 'Choose the file with “ShareID”, “Xi” and “Ks” in it. If yours is a backup of Quorate, its name ends in .age: choose “A backup”.',
    },
    shareEncoding: {
      title: 'This file is written in UTF-16',
      what: 'A program such as PowerShell has saved it with two bytes for each character. The share is whole.',
      now: 'Open the file in an editor, save it as UTF-8, and open it again here.',
    },
    shareEddsa: {
      title: 'This is a share of an EdDSA key',
      what: 'It belongs to a key for Ed25519, such as a Solana account. A wallet here signs with ECDSA.',
      now: 'Choose the file of the ECDSA key. It contains “ECDSAPub”.',
    },
    shareUnfinished: {
      title: 'There is no key in this file',
      what: 'It was saved before the key was complete, or for a member who has left the wallet.',
      now: 'Look for the file that the other program saved at the end of the key generation.',
    },
    shareNumbers: {
      title: 'The numbers in this file are in quotes',
      what: 'The program that saved it writes long numbers as text. tss-lib writes them without quotes.',
      now: 'Remove the quotes around the numbers in a copy of the file, and open the copy.',
    },
    shareRounded: {
      title: 'The numbers in this file are not whole',
      what: 'A program that cannot handle long numbers has rounded or rewritten them. A rounded share is lost.',
      now: 'Use a copy that such a program has not saved again.',
    },
    sharePreParameters: {
      title: 'This share can recover the key, but not sign here',
      what: 'Its file lacks the pre-parameters that signing needs. Files of tss-lib version 1 do. The share itself is whole.',
      now: 'Reshare the key with the program that made it, and import the new files. If that program is gone, npm run recover reassembles the key from such files.',
    },
    shareSeveral: {
      title: 'There are several shares in this file',
      what: 'Quorate restores one share at a time, and cannot tell which one you mean.',
      now: 'Copy each share into a file of its own. npm run recover with --address finds the right one by itself.',
    },
    restore: {
      title: 'This device already has a share of this wallet',
      what: 'A device holds one share of a wallet, and Quorate never overwrites one.',
      now: 'Restore it on a different device.',
    },
    keychain: {
      title: 'The keychain did not open',
      what: 'This device’s key is in the operating system’s keychain, which is locked, not running, or holds another key.',
      now: 'Unlock the keychain of this user (log in again if necessary) and try again. Do not delete the app’s data.',
    },
    unknown: {
      title: 'The request was refused',
      what: 'A check failed before anything was done. The details below say which.',
      now: 'Correct what they name and try again.',
    },
  },
}
