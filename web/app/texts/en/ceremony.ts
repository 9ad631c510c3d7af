import { localeOf } from '../locale.ts'

const locale = localeOf('en')

export const ceremony = {
  creating: (name: string) => `Creating “${name}”`,
  signing: (name: string) => `Signing with “${name}”`,
  steps: {
    preparing: 'Preparing large primes on this device',
    unlocking: 'Opening your share',
    joining: 'Waiting for the other members',
    comparing: 'Comparing the check code',
    approving: 'Waiting for the others to approve',
    computing: 'Computing together',
    storing: 'Storing your share on this device',
    confirming: 'Waiting for everyone to confirm',
  },
  stage: (number: number, of: number, name: string) => `Part ${number} of ${of}: ${name}`,
  /** By the engine's names; a name that is not here is shown as it is. */
  stages: {
    'Open the prepared primes': 'opening the prepared primes',
    'Commit to a part of the key': 'committing to a part of the key',
    'Check the moduli of the others': 'checking the others’ moduli',
    'Deal shares': 'dealing shares',
    'Check the shares received': 'checking the shares received',
    'Prove the encryption key': 'proving the encryption key',
    'Check the encryption keys of the others': 'checking the others’ encryption keys',
    'Encrypt the share': 'encrypting your share',
    'Open the share': 'opening your share',
    'Encrypt a share of the nonce': 'encrypting a share of the nonce',
    'Multiply with the shares of the others': 'multiplying with the others’ shares',
    'Check the products': 'checking the products',
    'Reveal the nonce': 'revealing the nonce',
    'Blind the signature share': 'blinding the signature share',
    'Check the blinded shares': 'checking the blinded shares',
    'Check that all shares fit together': 'checking that all shares fit together',
    'Put the signature together': 'putting the signature together',
  } as Readonly<Record<string, string>>,
  stepsLabel: 'Steps',
  parties: 'Members',
  party: 'Member',
  state: 'State',
  messages: 'Messages',
  presence: {
    invited: 'Invited',
    joined: 'Preparing',
    ready: 'Ready',
    computing: 'Computing',
    completed: 'Finished',
    failed: 'Stopped',
  },
  elapsed: (duration: string) => `Running for ${duration}.`,
  measured: (duration: string) => `The last one took ${duration} on this device.`,
  expected: (duration: string) =>
    `Computing takes about ${duration} on this device; waiting for the others comes on top.`,
  unmeasured: 'How long it takes depends on this device and on the others.',
  waitingFor: (names: string, duration: string, since: Date) =>
    `Waiting for ${names} since ${locale.time(since)}, for ${duration}.`,
  search: (found: number) => `${found} of 4 large primes found.`,
  searchTime: (duration: string) =>
    `About ${duration} left on average. The search depends on chance: it may finish much sooner, or take several times as long.`,
  keepOpen: 'Keep this tab open. You can visit other pages in the meantime.',
  cancelNot: 'You can no longer cancel: your share is being stored, and other members may already rely on it.',
  done: 'done',
  current: 'in progress',
  waiting: 'pending',
}
