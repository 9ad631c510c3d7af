import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { create } from '@bufbuild/protobuf'
import { type ReportCompletionRequest, SessionSchema } from '../../proto/gen/coordinator_pb.js'
import type { Epoch, Handover, Holder } from '../../tss-wasm/identity/handover.ts'
import { createIdentity, type Identity } from '../../tss-wasm/identity/identity.ts'
import { protocolVersion } from '../../tss-wasm/identity/json.ts'
import { walletIdOf } from '../../tss-wasm/keyShare/keyShare.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { SealedShare } from '../../tss-wasm/worker/api.ts'
import { memoryShareStore } from '../../web/test/memoryStores.ts'
import { type EpochPorts, settleEpochs } from '../reshare/settleEpochs.ts'
import { type EpochStore, runName, type StoredAttempt } from '../reshare/walletEpochs.ts'

const sessionId = 'ab'.repeat(16)
const publicKey = new Uint8Array(33).fill(2)
const walletId = walletIdOf(publicKey)
const share = new Uint8Array([7]) as Uint8Array as SealedShare

/** A device that was to become a member, as its store has it after an interruption. */
interface Device {
  readonly store: EpochStore
  readonly ports: EpochPorts
  readonly said: string[]
  readonly writes: () => number
}

describe('what an interruption left of resharing', () => {
  let identity: Identity
  let members: readonly Holder[]
  before(async () => {
    identity = await createIdentity()
    const other = await createIdentity()
    members = [identity, other].map((one, i) => ({ seat: (i + 1) as PartyId, identity: one.public }))
  })

  async function device(left: Partial<StoredAttempt>, isRunning = false): Promise<Device> {
    const from: Epoch = { publicKey, number: 0, hash: new Uint8Array(32), threshold: 2, members }
    const handover: Handover = {
      protocol: protocolVersion,
      kind: 'reshare',
      run: new Uint8Array(16),
      publicKey,
      number: 1,
      parent: 0,
      parentHash: from.hash,
      supersedes: [],
      threshold: 2,
      sharesBefore: new Uint8Array(32),
      creator: 2 as PartyId,
      old: members,
      new: members,
    }
    const attempt: StoredAttempt = {
      ...{ sessionId, joinToken: 'token', expiresAtMs: 0, walletName: 'Savings', labels: [], handover, from },
      signature: new Uint8Array(64),
      approvals: [],
      newSeat: 1 as PartyId,
      report: new Uint8Array(),
      said: 'nothing',
      isHeard: false,
      certificate: new Uint8Array(),
      abort: new Uint8Array(),
      ...left,
    }
    const { epochs } = memoryShareStore()
    await epochs.change(walletId, (now) => ({ ...now, attempts: [attempt], highest: 1 }))
    let writes = 0
    const store: EpochStore = {
      ...epochs,
      change: (id, next) =>
        epochs.change(id, (now) => {
          const after = next(now)
          if (after !== now) writes += 1
          return after
        }),
    }
    const said: string[] = []
    let withdrawal = new Uint8Array()
    const sessions = {
      reportCompletion({ outcome }: Pick<ReportCompletionRequest, 'outcome'>) {
        said.push(outcome.case ?? 'nothing')
        if (outcome.case === 'withdrawal') withdrawal = new Uint8Array(outcome.value)
        return Promise.resolve({})
      },
      getOutcome: () =>
        Promise.resolve({ session: create(SessionSchema, { sessionId, participants: [{ seat: 1, withdrawal }] }) }),
    }
    const persistently = { call: (ask: (options: object) => Promise<unknown>) => ask({}) }
    const connection = { sessions, persistently } as unknown as EpochPorts['connection']
    const running = new Set(isRunning ? [runName(walletId, 1)] : [])
    return { store, said, writes: () => writes, ports: { connection, store, identity, running, backupsUntil: 0 } }
  }

  it('a share whose report was not written is withdrawn, and does not stay', async () => {
    const { store, ports, said } = await device({})
    await store.putShare(walletId, 1, share)
    const { state } = await settleEpochs(ports, walletId)
    assert.deepEqual([state, said, await store.held(walletId)], ['rest', ['withdrawal'], []])
  })

  it('a share with its report is confirmed, once, and stays while others are awaited', async () => {
    const { store, ports, said } = await device({ report: new Uint8Array(128) })
    await store.putShare(walletId, 1, share)
    assert.equal((await settleEpochs(ports, walletId)).state, 'waiting')
    assert.equal((await settleEpochs(ports, walletId)).state, 'waiting')
    assert.deepEqual([said, await store.held(walletId)], [['confirmation'], [1]])
  })

  it('while its run goes on nothing is said, and nothing is written', async () => {
    const { ports, said, writes } = await device({}, true)
    assert.equal((await settleEpochs(ports, walletId)).state, 'waiting')
    assert.deepEqual([said, writes()], [[], 0])
  })
})
