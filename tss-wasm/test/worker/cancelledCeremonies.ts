// Run by ended.test.ts as a process of its own: cancels key generations of real workers after each number of messages in
// turn, while others of the same process go on to their end. Its exit code tells whether the process survived.
import type { Channel } from '../../round/channel.ts'
import { startEngine } from '../../worker/client.ts'
import { spawnInNode } from '../../worker/spawn.node.ts'
import { Network, seats } from '../network.ts'
import { company } from '../parties.ts'
import { create, createTogether, valuesOf } from './engines.ts'

const cancels = Number(process.argv[2])
const parties = seats(2)
/** Of a key generation of two: each sends a commitment, a share, an opening and a proof. */
const messages = 8
const friends = await company(2, 2)

/** Ends both workers once so many messages have been sent. @returns in how many of the two it cut something off */
async function cancelledAfter(count: number): Promise<number> {
  const reached = Promise.withResolvers<undefined>()
  let sent = 0
  const counted = (honest: Channel): Channel => ({
    next: () => honest.next(),
    async send(message) {
      await honest.send(message)
      sent += 1
      if (sent >= count) reached.resolve(undefined)
    },
  })
  const channels = new Map(parties.map((me) => [me, counted]))
  const network = new Network(parties)
  const engines = parties.map((me) => ({ me, engine: startEngine(() => spawnInNode(undefined, 1)) }))
  const ends = Promise.allSettled(engines.map(({ me, engine }) => create(engine, friends, me, { network, channels })))
  // A party that fails by itself never gets there: its reason is what there is to say.
  const early = ends.then((all) => valuesOf(all))
  early.catch(() => undefined)
  if (count > 0) await Promise.race([reached.promise, early])
  for (const { engine } of engines) engine[Symbol.dispose]()
  return (await ends).filter(({ status }) => status === 'rejected').length
}

let cut = 0
for (let done = 0; done < cancels;) {
  const unharmed = createTogether(friends, { network: new Network(parties) })
  for (let count = 0; count <= messages && done < cancels; count += 1, done += 1) cut += await cancelledAfter(count)
  valuesOf(await unharmed)
}
if (cut < cancels) throw new Error(`${cancels} cancelled ceremonies cut off only ${cut} parties`)
// Now and then Node keeps a process open for a thread that was ended while it started. Whether the process survives is asked here.
process.stdout.write(`cancelled ${cancels}`, () => process.exit(0))
