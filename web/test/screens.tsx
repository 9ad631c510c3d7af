// Every screen without a backend: `vite`, then /test/screens.html?wallets=1&hold=<call>&fail=<call>&failure=<json>.
// `name` is the first wallet's, `refused` a coordinator that tells of no requests, `unheard` one that hears no rejection, `settling` one that hears of the others later.
// `reshares` is a proposal of another member, `existing` an invitation to a wallet that exists, `resharing` new shares that are being made, or are (`done`);
// `renewed` says since when the first wallet has its shares, `left` that its last one goes on without us.
// `rules` is what the servers have told of theirs: `told`, or `forged` for what the second has not signed.
// `keeping` is what becomes of what is stored.
// `waiting` shares the first wallet with Ana and Ben, and shows requests that wait at the coordinator and that have ended.
// `hold` stops at a call of doubles.ts for good, `fail` lets it fail. `authenticator` is the browser's own, with its store; `rpc` are nodes' origins, `chain` nodes and tokens as /rpc.json has them, `describes` descriptions (ERC-7730) as JSON.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { ProtocolAbort, type Failure } from '../../tss-wasm/failure.ts'
import type { MailboxList } from '../../proto/gen/requests_pb.js'
import type { RequestBox } from '../../participant/requests/requestBox.ts'
import { readDescription } from '../../tss-wasm/content/describe/description.ts'
import type { SigningOrder } from '../../tss-wasm/content/signing.ts'
import type { ReshareProposal, ReshareReason } from '../../tss-wasm/identity/reshareProposal.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { WrappedShareKey } from '../../tss-wasm/worker/api.ts'
import { startApp } from '../app/shell/start.tsx'
import { unlockPeriods } from '../jobs/unlockPeriods.ts'
import { fingerprint } from '../../tss-wasm/identity/identity.ts'
import { defaultPolicy, type Policy } from '../../tss-wasm/policy/policy.ts'
import type { PublishedRules } from '../../tss-wasm/policy/published.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import { browserAuthenticator } from '../platform/browser/authenticator.ts'
import { browserPasskeyStore } from '../platform/browser/passkeyStore.ts'
import { bitcoinNode } from '../platform/browser/bitcoinNode.ts'
import { ethereumNode } from '../../chain/http/ethereumNode.ts'
import { readChain } from '../platform/browser/chain.ts'
import { browserPreferences } from '../platform/browser/preferences.ts'
import { browserHistoryStore } from '../platform/browser/historyStore.ts'
import { browserWalletLocks } from '../platform/browser/walletLocks.ts'
import type { Keeping } from '../platform/platform.ts'
import type { Language } from '../platform/preferences.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { useCeremony } from '../state/ceremony.ts'
import { useContact } from '../state/contact.ts'
import { usePreferences } from '../state/preferences.ts'
import { addReshareRequest } from '../state/reshareRequests.ts'
import { addRequest } from '../state/requests.ts'
import { takeRead } from '../state/waitingRequests.ts'
import { usePreparation } from '../state/preparation.ts'
import { useUnlocked } from '../state/unlocked.ts'
import { waitingRequests } from './waitingRequests.ts'
import { lookedAt, pinnedParty, script, sealedDouble, testPorts } from './doubles.ts'

const wish = new URLSearchParams(location.search)
const run = script(async (call) => {
  if (call === wish.get('hold')) await new Promise(() => undefined)
  if (call === wish.get('fail')) throw new ProtocolAbort(JSON.parse(wish.get('failure') ?? '') as Failure)
})
const ports = testPorts(run, (state) => {
  usePreparation.setState(state, true)
})
/** What whoever runs the app says, as JSON. */
const describing = wish.getAll('describes').map((json) => readDescription(JSON.parse(json)))
const servers = [pinnedParty('server-1', 10), pinnedParty('server-2', 20)]
const shelved = Number(wish.get('wallets') ?? '0')
const passphrase = bytesToHex(utf8ToBytes(wish.get('passphrase') ?? 'river copper lantern walk')) // as the double seals

function wallet(name: string, seed: string, state: WalletRecord['state']): WalletRecord {
  const publicKey = secp256k1.getPublicKey(sha256(utf8ToBytes(seed)))
  return {
    walletId: bytesToHex(sha256(publicKey).subarray(0, 16)),
    name,
    state,
    sessionId: '5e'.repeat(16),
    publicKey,
    threshold: 2,
    mySeat: 1,
    seats: [
      { seat: 1, label: name, signingKey: new Uint8Array(32).fill(1), encryptionKey: new Uint8Array(32).fill(2) },
      ...servers.map((party, i) => ({
        seat: 2 + i,
        ...(wish.has('waiting') ? { label: ['Ana', 'Ben'][i] ?? '' } : { label: party.name, serverParty: party.name }),
        ...party.identity,
      })),
    ],
    createdAtMs: Date.UTC(2026, 9, 3),
    ...(wish.has('renewed') && { renewedAtMs: Date.UTC(2026, 9, 20, 12) }),
  }
}

const all = [
  wallet(wish.get('name') ?? 'Family savings', 'a key for tests', 'active'),
  wallet('Workshop', 'another', 'active'),
  wallet('Club account', 'a third', wish.has('left') ? 'left' : 'pending'),
]
for (const record of all.slice(0, shelved)) {
  ports.shelf.set(record.walletId, { record, shares: new Map([[0, sealedDouble(record.walletId, passphrase)]]) })
}

let isReachable = !wish.has('unreachable')
addEventListener('reachable', () => {
  isReachable = true
})
const coordinator: typeof ports.coordinator = {
  ...ports.coordinator,
  decline: () => Promise.resolve(!wish.has('unheard')),
  preview: async () => {
    if (!isReachable) throw new ProtocolAbort({ kind: 'disconnected', detail: 'test' })
    return invited()
  },
}
function reshareProposal(reason: ReshareReason): ReshareProposal {
  const nothing = new Uint8Array()
  const keys = { key: nothing, publicShare: nothing, paillierN: nothing, nTilde: nothing, h1: nothing, h2: nothing }
  const [record = wallet('Club account', 'a third', 'active')] = all
  const { name: walletName, publicKey, seats } = record
  return {
    ...{ kind: 'reshare', walletName, reason, publicKey, number: 1, parent: 0, parentHash: nothing, supersedes: [] },
    threshold: reason === 'members' ? 3 : 2,
    parties: reason === 'members' ? 5 : 3,
    dealers: [
      { seat: 1 as PartyId, from: 1 as PartyId },
      { seat: 2 as PartyId, from: 2 as PartyId },
    ],
    before: { threshold: 2, hash: nothing, members: seats.map((identity) => ({ identity, ...keys })) },
  }
}

const invited = async () =>
  ({
    ...lookedAt,
    sessionId: '5e'.repeat(16),
    me: 2 as PartyId,
    proposal: wish.has('existing')
      ? reshareProposal('device')
      : ({
          kind: 'keygen',
          walletName: 'Club account',
          threshold: 2,
          parties: 3,
          curve: 'secp256k1',
          names: true,
        } as const),
    creator: (await ports.identity.load()).public,
    expiresAtMs: Date.UTC(2100, 0, 2),
    mySeatIsTaken: wish.has('taken'),
    isOver: false,
    isCompleted: false,
  }) as const
if (wish.has('settling')) {
  const unfinished = all.find(({ state }) => state === 'pending')
  const confirmation = { roster: new Uint8Array(), confirmation: new Uint8Array(64), isLeaving: true, joinToken: '' }
  const times = { storedAtMs: Date.now(), expiresAtMs: Date.UTC(2100, 0, 2) }
  const { walletId = '', mySeat = 1, sessionId = '' } = unfinished ?? {}
  await ports.pending.put({ walletId, mySeat: mySeat as PartyId, sessionId, ...confirmation, ...times })
  let haveConfirmed = false
  addEventListener('others-confirm', () => {
    haveConfirmed = true
  })
  coordinator.settle = () =>
    Promise.resolve(
      haveConfirmed ? { state: 'active' } : { state: 'wait', failure: { kind: 'cancelled' }, isLive: true },
    )
}
if (wish.has('silent')) useContact.setState({ isLost: true })
if (wish.has('refused')) useContact.setState({ isRefused: true })
if (wish.has('requests')) {
  for (const [i, record] of all.slice(0, 2).entries()) {
    const access = { sessionId: `${i}`.repeat(32), joinToken: 'a.join.token' }
    const order: SigningOrder = {
      publicKey: record.publicKey,
      content:
        i === 0
          ? { type: 'ethereum-message', message: utf8ToBytes('The club agrees.') }
          : { type: 'raw-digest', digest: sha256(utf8ToBytes('of who knows what')) },
    }
    addRequest({
      access,
      seen: { ...(await invited()), ...access, access, proposal: { kind: 'sign', ...order } },
      wallet: record,
      order,
      from: { seat: 2, label: i === 0 ? 'Ana' : 'Ben' },
      expiresAtMs: Date.UTC(2100, 0, 2),
    })
  }
}

if (wish.has('waiting')) {
  const [record] = all
  if (record === undefined) throw new Error('there is a wallet')
  takeRead(waitingRequests(record, Date.now()))
}

if (wish.has('reshares')) {
  for (const [i, reason] of (['device', 'members'] as const).entries()) {
    const [record] = all
    const access = { sessionId: `${i}`.repeat(32), joinToken: 'a.join.token' }
    const proposal = reshareProposal(reason)
    const [, from, leaving] = record?.seats ?? []
    if (record === undefined || from === undefined || leaving === undefined) throw new Error('the wallet has three')
    addReshareRequest({
      seen: { ...(await invited()), ...access, access, proposal },
      wallet: record,
      proposal,
      from: { ...from, label: 'Ana' },
      weStay: true,
      leaving: reason === 'device' ? [leaving] : [],
      expiresAtMs: Date.UTC(2100, 0, 2),
    })
  }
}
const resharing = wish.get('resharing')
if (resharing !== null) {
  const [record] = all
  if (record === undefined) throw new Error('there is a wallet')
  const { walletId, name: walletName } = record
  const computing = { presence: 'computing', received: 4 } as const
  useCeremony.setState({
    current: {
      ...{ kind: 'reshare', walletId, walletName, step: 'computing', checkCode: '1234 5678 9012' },
      stage: { name: 'Check the moduli of the others', index: 3, of: 9 },
      parties: [
        { seat: 1, name: undefined, ...computing },
        { seat: 2, name: 'Ana', isPerson: true, ...computing },
        { seat: 3, name: 'Ben’s phone', isPerson: true, ...computing, unheardSinceMs: Date.now() - 180_000 },
      ],
      ...{ startedAtMs: Date.now(), lastNewsMs: Date.now() },
      ...(resharing === 'done' && { end: { type: 'reshared', walletId } }),
      ...(resharing === 'failed' && {
        end: { type: 'failed', during: 'confirming', failure: { kind: 'disconnected', detail: 'test' } },
      }),
    },
  })
}

// So that a test sees a screen in every language without walking to it again; before the start, which some doubles hold.
addEventListener('prefer-language', (event) => {
  usePreferences.setState({ language: (event as CustomEvent<Language>).detail })
})

const passkeys = wish.has('authenticator')
  ? { store: browserPasskeyStore(), authenticator: browserAuthenticator(systemRandom) }
  : ports.passkeys
const [first] = all
if (wish.has('passkey') && first !== undefined) {
  const [walletId, wrapped] = [first.walletId, new Uint8Array() as WrappedShareKey]
  const credential = { credentialId: Uint8Array.of(1), transports: [], salt: new Uint8Array(32) }
  await passkeys.store.put({ ...credential, walletId, wrapped, addedAtMs: Date.UTC(2026, 9, 4) })
}

const rules = wish.get('rules')
const requests: typeof ports.requests = {
  ...ports.requests,
  open: () =>
    rules === null
      ? Promise.reject(new ProtocolAbort({ kind: 'disconnected', detail: 'test' }))
      : Promise.resolve(mailboxWithRules(all[0], rules === 'forged')),
  async *watch() {
    await Promise.resolve()
    const nobodys = { locator: new Uint8Array(32), requests: [] as MailboxList['requests'] }
    yield {
      ...nobodys,
      notices: servers.map((_, i) => ({ seat: 2 + i, version: 1n, key: 0 })),
    } as unknown as MailboxList
    return new Promise<never>(() => undefined)
  },
}

/** The first server is strict, the second signs anything, or tells what somebody else has signed. */
function mailboxWithRules(record: WalletRecord | undefined, isForged: boolean): RequestBox {
  const publicKey = record?.publicKey ?? new Uint8Array()
  const ether = 10n ** 18n
  const no = { mostPerTransaction: undefined, waitsAbove: undefined }
  const chain = { destinations: 'any', data: false, createContracts: false, tokens: [], ...no } as const
  const strict: Policy = {
    ...{ ...defaultPolicy, messages: false, typedData: false, bitcoin: false },
    chains: [1, 11155111].map((chainId) => ({ ...chain, chainId, mostPerDay: ether / 10n })),
  }
  const told = (seat: PartyId): Promise<PublishedRules> => {
    if (seat === 3 && isForged) {
      return Promise.reject(new RangeError('rules: are signed by the member that they are shown for'))
    }
    const policy = seat === 2 ? strict : defaultPolicy
    return Promise.resolve({ publicKey, epoch: 0, seat, madeMs: Date.now(), policy, spent: [] })
  }
  const membership = { publicKey, epoch: 0, threshold: 2, members: [] }
  const acted = () => Promise.reject(new Error('no requests wait in these tests'))
  return { membership, me: 1 as PartyId, told, tell: acted, read: acted, ask: acted, say: acted, meet: acted }
}

await startApp(document.querySelector('#app') ?? document.body, {
  ...ports,
  coordinator,
  requests,
  passkeys,
  unlocked: unlockPeriods({ clock: ports.clock, now: () => Date.now() }, (until) => {
    useUnlocked.setState(until, true)
  }),
  now: () => Date.now(),
  webApp: () => Promise.resolve(location.origin),
  serverParties: () => Promise.resolve(wish.has('alone') ? [] : servers),
  nodes: { ethereum: ethereumNode(), bitcoin: bitcoinNode() },
  descriptions: () => Promise.resolve(describing),
  rpcOrigins: () => Promise.resolve(wish.getAll('rpc')),
  chain: () => Promise.resolve(readChain(JSON.parse(wish.get('chain') ?? '{}'))),
  coordinators: () => Promise.resolve(wish.getAll('coordinator')),
  history: browserHistoryStore(),
  walletLocks: browserWalletLocks(),
  preferences: browserPreferences,
  diagnose: async () => ({
    fingerprint: fingerprint((await ports.identity.load()).public),
    kernel: 'relaxed-simd',
    persistent: false,
    version: '0.0.0',
    lacking: [],
  }),
  keeping: () => Promise.resolve((wish.get('keeping') ?? 'promised') as Keeping),
  persist: () => Promise.resolve(false),
  appCode: { status: () => Promise.resolve(undefined), approve: () => Promise.resolve(false) },
})
