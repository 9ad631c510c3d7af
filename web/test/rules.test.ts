import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { RequestBox } from '../../participant/requests/requestBox.ts'
import { ProtocolAbort, refused } from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { defaultPolicy } from '../../tss-wasm/policy/policy.ts'
import { type PublishedRules, staleAfterMs } from '../../tss-wasm/policy/published.ts'
import { ManualClock } from '../../tss-wasm/test/network.ts'
import { type MemberRules, readRules, type SeenRules } from '../jobs/rules.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { memoryIdentityStore, memoryPreParameterStore } from './memoryStores.ts'
import { pinnedParty } from './doubles.ts'

const nowMs = 1_800_000_000_000
const publicKey = new Uint8Array(33).fill(2)
const server = (seat: number, name: string) => ({
  ...{ seat, label: name, serverParty: name },
  ...pinnedParty(name, 10 * seat).identity,
})
const wallet: WalletRecord = {
  ...{ walletId: 'f0'.repeat(16), name: 'Family', state: 'active', sessionId: '', publicKey, threshold: 2, mySeat: 1 },
  seats: [{ seat: 1, label: 'Family', ...pinnedParty('', 1).identity }, server(2, 'server-1'), server(3, 'server-2')],
  createdAtMs: nowMs,
}
const rules = (seat: number, changes: Partial<PublishedRules> = {}): PublishedRules => ({
  ...{ publicKey, epoch: 0, seat: seat as PartyId, madeMs: nowMs, policy: defaultPolicy, spent: [] },
  ...changes,
})

/** A mailbox in which one seat after the other tells, by what `told` answers for it. */
function mailbox(told: (seat: number) => PublishedRules, tells: readonly number[]) {
  const clock = new ManualClock()
  const box = { membership: { publicKey, epoch: 0 }, told: (seat: number) => Promise.resolve().then(() => told(seat)) }
  const ports = {
    ...{ identity: memoryIdentityStore(), preParameters: memoryPreParameterStore([]), now: () => nowMs, clock },
    requests: {
      open: () => Promise.resolve(box as unknown as RequestBox),
      boxOf: () => Promise.resolve(undefined),
      async *watch(_: unknown, signal: AbortSignal) {
        for (let so = 0; so <= tells.length; so += 1) {
          yield { notices: tells.slice(0, so).map((seat) => ({ seat, version: 1n, key: 0 })) } as never
        }
        await clock.pass(60_000) // and then nobody tells any more
        signal.throwIfAborted()
        throw new Error('is over by now')
      },
    },
  }
  return ports
}

const nothingSeen = (): SeenRules & { readonly all: Map<string, number> } => {
  const all = new Map<string, number>()
  return { all, get: (name) => all.get(name) ?? 0, set: (name, made) => void all.set(name, made) }
}

async function read(ports: ReturnType<typeof mailbox>, seen: SeenRules = nothingSeen()) {
  const heard: (readonly MemberRules[])[] = []
  await readRules(ports, wallet, seen, (found) => heard.push(found))
  return heard.map((found) => found.map(({ seat, state }) => `${seat} ${state}`).join())
}

suite('what members decide by', () => {
  test('is told as each of them says it, until all servers have', async () => {
    assert.deepEqual(await read(mailbox(rules, [3, 2])), ['', '3 told', '2 told,3 told'])
  })

  test('is not waited for where one does not say it', async () => {
    assert.deepEqual(await read(mailbox(rules, [2])), ['', '2 told'])
  })

  test('is said to be old, where it was not said again for a day', async () => {
    const old = (seat: number) => rules(seat, { madeMs: nowMs - staleAfterMs - 1 })
    assert.deepEqual(await read(mailbox(old, [2])), ['', '2 stale'])
  })

  test('is refused where it is older than what this device has seen, or another’s, or not its word', async () => {
    const seen = nothingSeen()
    await read(mailbox(rules, [2]), seen)
    const before = (seat: number) => rules(seat, { madeMs: nowMs - 1 })
    assert.deepEqual(await read(mailbox(before, [2]), seen), ['', '2 refused'])
    assert.deepEqual(await read(mailbox(() => rules(3), [2])), ['', '2 refused'])
    const elsewhere = (seat: number) => rules(seat, { publicKey: new Uint8Array(33).fill(3) })
    assert.deepEqual(await read(mailbox(elsewhere, [2])), ['', '2 refused'])
    const forged = () => {
      throw new RangeError('rules: are signed by the member that they are shown for')
    }
    assert.deepEqual(await read(mailbox(forged, [2])), ['', '2 refused'])
  })

  test('is left out where it is gone, and a coordinator that does not answer is told', async () => {
    const gone = () => {
      throw refused('declined', 'this seat tells nothing')
    }
    assert.deepEqual(await read(mailbox(gone, [2])), ['', ''])
    const away = () => {
      throw new ProtocolAbort({ kind: 'disconnected', detail: 'test' })
    }
    await assert.rejects(read(mailbox(away, [2])), /test/)
  })
})
