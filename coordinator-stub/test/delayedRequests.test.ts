import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { bytesToHex } from '@noble/hashes/utils.js'
import { createRequests, type RequestBox, type Requests } from '../../participant/requests/requestBox.ts'
import { encodeTransaction } from '../../tss-wasm/content/transaction.ts'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { hourMs } from '../../tss-wasm/policy/policy.ts'
import { decodePolicy } from '../../tss-wasm/policy/policyFile.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import type { OpenedRequest } from '../../tss-wasm/requests/entry.ts'
import type { Request } from '../../tss-wasm/requests/request.ts'
import { members, type Members, publicKey } from '../../tss-wasm/test/requests/members.ts'
import { rig, type Rig, silent } from '../../testkit/harness.ts'
import type { Ledger } from '../party/ledger.ts'
import { createPartyRequests } from '../party/requests.ts'
import { createTelling } from '../party/telling.ts'
import type { PartyWallet } from '../party/wallet.ts'

const [asker, party, other] = [1, 2, 3] as PartyId[] as [PartyId, PartyId, PartyId]
const policy = decodePolicy(
  JSON.stringify({
    ...{ version: 1, messages: true, mostSignaturesPerHour: 9, waitHours: 24 },
    chains: [{ chainId: 1, destinations: 'any', waitsAbove: '1000' }],
  }),
)
const ledger: Ledger = {
  charge: () => Promise.resolve(true),
  earlier: () => [],
  giveBack: () => Promise.resolve(undefined),
}

let coordinator: Rig
let who: Members
const now = () => coordinator.clock.now

before(async () => {
  coordinator = await rig()
  who = await members()
})

const requestsOf = (): Requests => createRequests(coordinator.transport, { random: systemRandom, now })
const boxOf = (me: PartyId): Promise<RequestBox> =>
  requestsOf().open({ membership: who.membership, me, identity: who.identity(me) })

/** The party of seat 2, of which only the answers are real: what it would sign is written down. */
function runningParty() {
  const over = new AbortController()
  const seats = who.membership.members.map(({ seat, identity }) => ({ seat, identity }))
  const wallet: PartyWallet = {
    ...{ walletId: 'aa'.repeat(16), name: 'Family', state: 'active', publicKey, threshold: 2, mySeat: party, seats },
    pending: undefined,
  }
  const folder = {
    identity: who.identity(party),
    walletsVersion: () => Promise.resolve(1),
    activeWallets: () => Promise.resolve([wallet]),
  } as never
  const telling = createTelling(policy, () => [], { now, log: silent })
  const signed: string[] = []
  const watching = createPartyRequests({
    ...{
      folder,
      policy,
      ledger,
      telling,
      now,
      random: systemRandom,
      log: silent,
      requests: requestsOf(),
      byOperator: { has: () => false, add: () => Promise.resolve() },
      claim: 'a'.repeat(32),
    },
    lookAgainMs: 20,
    signing({ opened }) {
      signed.push(bytesToHex(opened.request.id))
      return Promise.resolve(true)
    },
  }).watch(over.signal)
  return {
    signed,
    async [Symbol.asyncDispose]() {
      over.abort(new ProtocolAbort({ kind: 'cancelled' }))
      await watching
    },
  }
}

const paying = (value: bigint): Request => ({
  ...{ id: systemRandom(16), salt: systemRandom(16), from: asker, publicKey, note: '' },
  content: {
    type: 'ethereum-transaction',
    unsigned: encodeTransaction({
      ...{ chainId: 1n, nonce: value, maxPriorityFeePerGas: 0n, maxFeePerGas: 0n, gasLimit: 21_000n },
      ...{ to: '0x000000000000000000000000000000000000dEaD', value, data: new Uint8Array(), accessList: [] },
    }),
  },
  createdMs: now(),
  expiresMs: now() + 7 * 24 * hourMs,
})

/** What the party has said of it, once that is as wanted. */
async function saidBy(id: Uint8Array, isWanted: (said: OpenedRequest['statements']) => boolean) {
  const over = new AbortController()
  const box = await boxOf(asker)
  try {
    for await (const { requests } of requestsOf().watch([who.membership], over.signal)) {
      if (requests.length === 0) continue
      const { statements } = await box.read(id)
      const own = statements.filter(({ seat }) => seat === party)
      if (isWanted(own)) return own
    }
  } finally {
    over.abort(new ProtocolAbort({ kind: 'cancelled' }))
  }
  throw new Error('the watch has ended')
}
const types = (said: OpenedRequest['statements']) => said.map(({ says }) => says.type).join()

describe('a server party whose policy lets much money wait', () => {
  it('approves it a day after it has seen it, and not before, also if it was stopped meanwhile', async () => {
    const asked = paying(1001n)
    await (await boxOf(asker)).ask(asked)
    {
      await using watching = runningParty()
      assert.deepEqual(watching.signed, [])
      assert.equal(types(await saidBy(asked.id, (said) => said.length > 0)), 'seen')
    }
    coordinator.clock.now += 24 * hourMs
    await using after = runningParty()
    const said = await saidBy(asked.id, (each) => each.length > 1)
    assert.equal(types(said), 'seen,approve')
    const [seenMs = 0, approvedMs = 0] = said.map(({ atMs }) => atMs)
    assert.ok(approvedMs - seenMs >= 24 * hourMs)
    // Signing begins by itself once the request is ready; nothing else has been asked.
    while (after.signed.length === 0) await new Promise((resolve) => setTimeout(resolve, 50))
    assert.deepEqual(after.signed, [bytesToHex(asked.id)])
  })

  it('does not sign it once any member objects', async () => {
    const asked = paying(1002n)
    await (await boxOf(asker)).ask(asked)
    await using watching = runningParty()
    await saidBy(asked.id, (said) => said.length > 0)
    const box = await boxOf(other)
    await box.say(await box.read(asked.id), { type: 'reject', by: 'person', reason: 'Not this month' })
    const said = await saidBy(asked.id, (each) => each.length > 1)
    const last = said.at(-1)?.says
    assert.deepEqual(watching.signed.includes(bytesToHex(asked.id)), false)
    assert.deepEqual(last, { type: 'reject', by: 'policy', reason: 'a member has objected' })
  })

  it('approves at once what is below', async () => {
    const asked = paying(1000n)
    await (await boxOf(asker)).ask(asked)
    const party = runningParty()
    assert.equal(types(await saidBy(asked.id, (said) => said.length > 0)), 'approve')
    await party[Symbol.asyncDispose]()
  })
})
