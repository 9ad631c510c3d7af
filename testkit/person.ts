import type { Transport } from '@connectrpc/connect'
import type { NewSession, OfferedSeat } from '../participant/session/newSession.ts'
import { inSeat } from '../participant/session/inSeat.ts'
import type { CreatorSeat } from '../participant/session/seat.ts'
import { createCoordinator } from '../participant/createCoordinator.ts'
import { memoryRuns } from '../participant/connection/runs.ts'
import type { PinnedParty } from '../participant/session/serverParties.ts'
import type { SigningContent } from '../tss-wasm/content/content.ts'
import { createIdentity, type Identity } from '../tss-wasm/identity/identity.ts'
import type { Roster } from '../tss-wasm/identity/roster.ts'
import { sealPreParameters } from '../tss-wasm/keyShare/sealedPreParameters.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import type { PartyId } from '../tss-wasm/partyId.ts'
import type { NewWallet, Progress, Signatures } from '../tss-wasm/worker/api.ts'
import { startEngine } from '../tss-wasm/worker/client.ts'
import { spawnInNode } from '../tss-wasm/worker/spawn.node.ts'
import { paillierKey, ringPedersen, saveData } from '../tss-wasm/test/fixtures.ts'

/** A person's client in Node: what the browser's jobs do, without storage. */
export interface Person {
  readonly identity: Identity
  readonly key: CryptoKey
  readonly transport: Transport
}

const me = 1 as PartyId

export async function person(transport: Transport): Promise<Person> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  return { identity: await createIdentity(), key, transport }
}

/** tss-lib's own pre-parameters of fixture `index`, sealed under `key`: making fresh ones would take minutes. */
export function fixturePreParameters(index: number, key: CryptoKey) {
  const data = saveData(index)
  return sealPreParameters({ paillier: paillierKey(data), ringPedersen: ringPedersen(data) }, key, systemRandom)
}

export function offers(parties: readonly PinnedParty[]): OfferedSeat[] {
  return parties.map(({ name, identity }, at) => ({ seat: (at + 2) as PartyId, serverParty: name, pinned: identity }))
}

async function started(seat: CreatorSeat): Promise<Roster> {
  await seat.markReady()
  return seat.start()
}

export async function createWallet(
  { identity, key, transport }: Person,
  parties: readonly PinnedParty[],
  progress: (step: Progress) => void = () => undefined,
  order: Pick<NewSession, 'ordered'> = {},
): Promise<NewWallet> {
  const proposal = { kind: 'keygen', walletName: 'Ours', threshold: 2, parties: 3, curve: 'secp256k1' } as const
  const request = { identity, proposal, threshold: 2, mySeat: me, others: offers(parties), ...order }
  await using seat = await createCoordinator(transport, { random: systemRandom, runs: memoryRuns() }).create(request)
  return await inSeat(seat, async () => {
    const roster = await started(seat)
    using engine = startEngine(spawnInNode)
    const sealing = { kind: 'key', key } as const
    const preParameters = await fixturePreParameters(0, key)
    const seating = { me, identity, roster, deadlineMs: 60_000, walletName: 'Ours' }
    const wallet = await engine.createWallet(
      { ...seating, preParameters, preParametersKey: key, sealing },
      seat.channel,
      progress,
    )
    await seat.confirm(wallet.confirmation)
    return wallet
  })
}

export async function sign(
  { identity, key, transport }: Person,
  { publicKey, sealedShare }: Pick<NewWallet, 'publicKey' | 'sealedShare'>,
  coSigner: OfferedSeat,
  content: SigningContent,
  order: Pick<NewSession, 'ordered'> = {},
  progress: (step: Progress) => void = () => undefined,
): Promise<Signatures> {
  const proposal = { kind: 'sign', publicKey, content } as const
  const request = { identity, proposal, threshold: 2, parties: 3, mySeat: me, others: [coSigner], ...order }
  await using seat = await createCoordinator(transport, { random: systemRandom, runs: memoryRuns() }).create(request)
  return await inSeat(seat, async () => {
    const roster = await started(seat)
    using engine = startEngine(spawnInNode)
    const sealing = { kind: 'key', key } as const
    const signature = await engine.sign(
      { me, identity, roster, deadlineMs: 60_000, sealedShare, sealing, content },
      seat.channel,
      progress,
    )
    await seat.confirm(signature.confirmation)
    return signature
  })
}
