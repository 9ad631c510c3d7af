// Run by ended.test.ts as a process of its own: the largest company there can be, each party with a worker of its own, makes a
// wallet, and as many as have to sign with it. Says how long that took.
import { assembleOrder } from '../../content/signing.ts'
import { cggmp24 } from '../../identity/signingProtocol.ts'
import type { PartyId } from '../../partyId.ts'
import { startEngine } from '../../worker/client.ts'
import { spawnInNode } from '../../worker/spawn.node.ts'
import { Network, seats } from '../network.ts'
import { company, gather, identityOf } from '../parties.ts'
import { aesKey, creation, preParametersFor, valuesOf, withKey } from './engines.ts'

const [parties, threshold] = [20, 11]
/** A round is everybody's computing for everybody else, on the cores that there are. */
const deadlineMs = 3_600_000
const content = { type: 'ethereum-message', message: new TextEncoder().encode('Pay the bearer') } as const
const secondsSince = (ms: number) => Math.round((performance.now() - ms) / 1000)

const friends = await company(threshold, parties)
const everybody = new Network(seats(parties))

/** No two parties may have the same: there are fixtures for five. */
async function prepared(me: PartyId) {
  if (me <= 5) return preParametersFor(me)
  using engine = startEngine(() => spawnInNode(undefined, 1))
  return await engine.makePreParameters(aesKey, () => undefined)
}

const sets = valuesOf(await Promise.allSettled(seats(parties).map(prepared))).map((set) => Promise.resolve(set))
const makingSince = performance.now()
const wallets = valuesOf(
  await Promise.allSettled(
    seats(parties).map(async (me) => {
      using engine = startEngine(() => spawnInNode(undefined, 1))
      const request = await creation(friends, me, withKey, sets[me - 1])
      return await engine.createWallet({ ...request, deadlineMs }, everybody.channel(me), () => undefined)
    }),
  ),
)
const keys = new Set(wallets.map(({ walletId }) => walletId))
if (wallets.length !== parties || keys.size !== 1)
  throw new Error(`${wallets.length} parties have ${keys.size} wallets`)
const made = secondsSince(makingSince)

const signers = seats(parties).slice(-threshold)
const publicKey = wallets[0]?.publicKey ?? new Uint8Array()
const identities = new Map(signers.map((seat) => [seat, identityOf(friends, seat)]))
const session = gather(identities, threshold, { kind: 'sign', publicKey, content }, cggmp24)
const network = new Network(signers)
const signingSince = performance.now()

/** @returns the signature, held against the content and the key once more */
async function sign(me: PartyId): Promise<string> {
  const wallet = wallets[me - 1]
  if (wallet === undefined) throw new Error(`party ${me} has no wallet`)
  using engine = startEngine(() => spawnInNode(undefined, 1))
  const seating = { me, identity: identityOf(session, me), roster: session.roster, deadlineMs }
  const request = { ...seating, sealedShare: wallet.sealedShare, sealing: withKey, content }
  const { signatures } = await engine.sign(request, network.channel(me), () => undefined)
  return assembleOrder({ publicKey, content }, signatures).result
}

const results = new Set(valuesOf(await Promise.allSettled(signers.map(sign))))
if (results.size !== 1) throw new Error(`${threshold} signers have ${results.size} signatures`)
process.stdout.write(`made in ${made} s, signed in ${secondsSince(signingSince)} s`)
