import { parentPort, workerData } from 'node:worker_threads'
import { identityOfKeys } from '../../identity/identity.ts'
import { secured } from '../../identity/envelope.ts'
import { Secret } from '../../secret.ts'
import type { Roster } from '../../identity/roster.ts'
import type { PartyId } from '../../partyId.ts'

/** A worker that signs and encrypts to another party without end. */
const { roster, keys } = workerData as { roster: Roster; keys: { signing: Uint8Array; encryption: Uint8Array } }
const [me, peer] = [1, 2] as PartyId[] as [PartyId, PartyId]
const identity = await identityOfKeys({ signing: new Secret(keys.signing), encryption: new Secret(keys.encryption) })
const below = { send: () => Promise.resolve(), next: () => new Promise<never>(() => undefined) }
const channels = Array.from({ length: 8 }, () => secured(below, { identity, roster, me }))
parentPort?.postMessage('sealing')
for (;;) {
  await Promise.all(channels.map((channel) => channel.send({ to: peer, round: 'any', body: new Uint8Array(1000) })))
  // What is to end it comes as a message.
  await new Promise(setImmediate)
}
