import { completionFor, shells } from './completion.ts'
import { kinds } from './kinds.ts'
import { type Answer, type Call, type Command, WrongCall } from './table.ts'

const walletOption = {
  value: 'WALLET',
  says: 'By its id or the beginning of it, its address or its name; not needed where there is one.',
} as const

const hwiOptions = {
  fingerprint: { value: 'FINGERPRINT', short: 'f', says: 'Of the wallet: 8 hex digits, as enumerate has it.' },
  chain: { value: 'CHAIN', says: 'main, and no other.' },
  stdin: { says: 'The command comes on standard input, in a line.' },
} as const

/** Everything that can be called. Each is loaded when it is called: a program starts it, and waits. */
export const commands: readonly Command[] = [
  {
    name: 'wallets',
    says: 'Lists the wallets of which this party has a share.',
    run: async (call) => (await import('./wallets.ts')).wallets(call),
  },
  {
    name: 'requests',
    options: { all: { says: 'Those too that have come to their end, as long as the coordinator keeps them.' } },
    says: 'Lists what members ask to be signed, and what this party has answered. The party runs.',
    run: async (call) => (await import('./requests.ts')).requests(call),
  },
  {
    name: 'approve',
    arguments: ['REQUEST'],
    says: 'Approves a request, by its id or the beginning of it, where the policy leaves that to you. The party runs.',
    run: async (call) => (await import('./requests.ts')).approve(call),
  },
  {
    name: 'reject',
    arguments: ['REQUEST'],
    options: { reason: { value: 'TEXT', says: 'For the other members to read.' } },
    says: 'Rejects a request; that is not taken back. The party runs.',
    run: async (call) => (await import('./requests.ts')).reject(call),
  },
  {
    name: 'sign',
    arguments: ['FILE'],
    options: {
      wallet: walletOption,
      as: { value: 'KIND', one: kinds, says: `What the file is: ${kinds.join(', ')}. Needed for a message.` },
      note: { value: 'TEXT', says: 'What for: the members read it.' },
      wait: { value: 'SECONDS', says: 'How long members have to answer; then the request is withdrawn. Default: 600.' },
      out: { value: 'FILE', says: 'Writes the signature, the signed transaction or the PSBT to a new file.' },
    },
    says: 'Asks the members to sign a transaction, a message, typed data or a PSBT, and waits. The party runs.',
    run: async (call) => (await import('./sign.ts')).sign(call),
  },
  {
    name: 'history export',
    options: {
      wallet: { ...walletOption, says: 'Of this wallet only.' },
      out: { value: 'FILE', says: 'Writes to a new file that only you can read.' },
    },
    says: 'All that this party has signed, oldest first.',
    run: async (call) => (await import('./history.ts')).exportHistory(call),
  },
  {
    name: 'policy check',
    arguments: ['FILE'],
    options: {
      transaction: { value: '0x…', says: 'Tries this unsigned transaction.' },
      message: { value: 'TEXT', says: 'Tries this message.' },
      by: { value: 'FINGERPRINT', says: 'When this member asks; otherwise nobody in particular.' },
      at: { value: 'TIME', says: 'At this time, such as 2026-12-24T10:00:00Z; otherwise now.' },
    },
    says: 'Explains a policy file, and tries something against it.',
    run: async (call) => (await import('./policyCheck.ts')).policyCheck(call),
  },
  {
    name: 'doctor',
    options: {
      coordinator: { value: 'URL', says: 'Where it speaks gRPC. Default: as the running party has it.' },
      ca: { value: 'FILE', says: 'PEM file: who signed its certificate.' },
    },
    says: 'Looks at party, storage, coordinator, clock, proxy and versions, and says what to do.',
    run: async (call) => (await import('./doctor.ts')).doctor(call),
  },
  {
    name: 'enumerate',
    options: { ...hwiOptions },
    says: 'HWI: the wallets, as a list of devices.',
    run: async (call) => (await import('./hwi.ts')).enumerate(call),
  },
  {
    name: 'getmasterxpub',
    options: { ...hwiOptions },
    says: 'HWI: the wallet’s extended public key.',
    run: async (call) => (await import('./hwi.ts')).getMasterXpub(call),
  },
  {
    name: 'getxpub',
    arguments: ['PATH'],
    options: { ...hwiOptions },
    says: 'HWI: the same by a path, which is hardened or m.',
    run: async (call) => (await import('./hwi.ts')).getXpub(call),
  },
  {
    name: 'getdescriptors',
    options: { ...hwiOptions, account: { value: 'NUMBER', says: 'Account, which is 0.' } },
    says: 'HWI: what Bitcoin Core watches the wallet by.',
    run: async (call) => (await import('./hwi.ts')).getDescriptors(call),
  },
  {
    name: 'displayaddress',
    options: {
      ...hwiOptions,
      path: { value: 'PATH', says: 'Such as m/0/5.' },
      desc: { value: 'DESCRIPTOR', says: 'wpkh() of one key.' },
    },
    says: 'HWI: one address of the wallet.',
    run: async (call) => (await import('./hwi.ts')).displayAddress(call),
  },
  {
    name: 'signtx',
    arguments: ['PSBT'],
    options: { ...hwiOptions },
    says: 'HWI: has a PSBT in base64 signed by the members. The party runs.',
    run: async (call) => (await import('./hwi.ts')).signTx(call),
  },
  {
    name: 'completion',
    arguments: ['SHELL'],
    says: `Prints what completes these commands in ${shells.join(', ')}.`,
    run: completion,
  },
]

function completion({ arguments: [typed] }: Call): Promise<Answer> {
  const shell = shells.find((each) => each === typed)
  if (shell === undefined) throw new WrongCall(`SHELL is one of ${shells.join(', ')}`)
  const script = completionFor(shell, commands)
  return Promise.resolve({ json: { shell, script }, text: script.trimEnd() })
}
