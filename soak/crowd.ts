// Started by strangers.ts: strangers from many addresses who open sessions with a server party and never go on. Reads one
// `Crowd` from its parent; answers each message with what came of it so far.
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { Code, ConnectError } from '@connectrpc/connect'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { createCoordinator } from '../participant/createCoordinator.ts'
import { memoryRuns } from '../participant/connection/runs.ts'
import type { PublicIdentity } from '../tss-wasm/identity/identity.ts'
import { ProtocolAbort } from '../tss-wasm/failure.ts'
import { createIdentity } from '../tss-wasm/identity/identity.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import type { PartyId } from '../tss-wasm/partyId.ts'
import { clients, keygenRequest } from '../testkit/harness.ts'

export interface Crowd {
  readonly grpcUrl: string
  readonly perMinute: number
  /** Loopback addresses, from 127.0.0.2 on. */
  readonly addresses: number
  readonly party: { readonly name: string; readonly signingKey: string; readonly encryptionKey: string }
  /** Of a wallet that the strangers hold no share of, in hex. */
  readonly publicKey: string
}

export interface Came {
  /** How many have come, and in how many seconds. */
  asked: number
  seconds: number
  opened: number
  /** By the coordinator's limits. */
  refused: number
  failed: number
}

const [one, two] = [1, 2] as PartyId[] as [PartyId, PartyId]
const dayInSeconds = 24 * 3600
const [{ grpcUrl, perMinute, addresses, party, publicKey }] = (await once(process, 'message')) as [Crowd]
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))
const pinned: PublicIdentity = { signingKey: bytes(party.signingKey), encryptionKey: bytes(party.encryptionKey) }
const { hostname: host, port } = new URL(grpcUrl)
const transports = Array.from({ length: addresses }, (_, index) => {
  const localAddress = `127.0.0.${index + 2}`
  const createConnection = () => connect({ host, port: Number(port), localAddress })
  return createGrpcTransport({ baseUrl: grpcUrl, nodeOptions: { createConnection } })
})
const came: Came = { asked: 0, seconds: 0, opened: 0, refused: 0, failed: 0 }
const since = performance.now()
process.on('message', () => process.send?.({ ...came, seconds: (performance.now() - since) / 1000 }))

/** New wallets with the party alone, as long as may be; with people who never come, and as large as may be; signatures. */
async function stranger(number: number): Promise<void> {
  const transport = transports[number % transports.length]
  if (transport === undefined) return
  const others = [{ seat: two, serverParty: party.name, pinned }]
  const identity = await createIdentity()
  const client = createCoordinator(transport, { random: systemRandom, runs: memoryRuns() })
  if (number % 4 === 3) {
    const seats = [{ seat: 1 }, { seat: 2 }, { seat: 3, serverParty: party.name }]
    await clients(transport).sessions.createSession(keygenRequest({ seats, proposal: systemRandom(256 * 1024) }))
    return
  }
  const about =
    number % 4 === 2
      ? {
          proposal: {
            kind: 'sign',
            publicKey: bytes(publicKey),
            content: { type: 'ethereum-message', message: Uint8Array.of(1) },
          } as const,
          parties: 3,
        }
      : { proposal: { kind: 'keygen', walletName: 'Mine', threshold: 2, parties: 2, curve: 'secp256k1' } as const }
  const lifeSeconds = number % 8 === 0 ? dayInSeconds : 600
  const seat = await client.create({ identity, threshold: 2, mySeat: one, others, lifeSeconds, ...about })
  seat.leave()
}

process.send?.(came)
for (let number = 0; ; number += 1) {
  came.asked += 1
  stranger(number).then(
    () => (came.opened += 1),
    (error: unknown) => {
      if (isRefusal(error)) came.refused += 1
      else came.failed += 1
    },
  )
  // By the clock: timers are late, and what they are late by adds up to a tenth of the strangers.
  await setTimeout(Math.max(0, since + ((number + 1) * 60_000) / perMinute - performance.now()))
}

function isRefusal(error: unknown): boolean {
  if (error instanceof ConnectError) return error.code === Code.ResourceExhausted
  return error instanceof ProtocolAbort && error.failure.kind === 'refused'
}
