import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { SessionPorts } from '../party/sessionPorts.ts'
import { schemeRun } from '../party/schemeSessions.ts'
import type { PartyWallet } from '../party/wallet.ts'
import type { SchemeSignProposal } from '../../tss-wasm/identity/proposal.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Channel } from '../../tss-wasm/round/channel.ts'
import { frostSignStages } from '../../tss-wasm/schemes/frostSign.ts'
import { blsSignStages } from '../../tss-wasm/schemes/blsSign.ts'
import type { Engine, Progress, SchemeSignatures } from '../../tss-wasm/worker/api.ts'

const signed: SchemeSignatures = {
  signatures: [],
  protocol: 'FROST-ED25519-SHA512-v1',
  confirmation: new Uint8Array(),
}

describe("a server party's run with a key of another scheme", () => {
  it('has its engine until the signature is there, and is charged once a part of it may have left', async () => {
    const told: string[] = []
    const answer = Promise.withResolvers<SchemeSignatures>()
    const began = Promise.withResolvers<(step: Progress) => void>()
    const engine: Partial<Engine> = {
      signByScheme: (_request, _channel, progress) => {
        began.resolve(progress)
        return answer.promise
      },
      [Symbol.dispose]: () => told.push('engine ends'),
    }
    const folder = { share: () => Promise.resolve(new Uint8Array()) }
    const ports = { folder, deadlineMs: 1, startEngine: () => engine } as unknown as SessionPorts
    const run = schemeRun(ports, { content: {} } as SchemeSignProposal, {
      seat: 2 as PartyId,
      wallet: { walletId: 'ours' } as PartyWallet,
      enter: () => ({ [Symbol.dispose]: () => told.push('run ends') }),
      leaves: () => told.push('leaves'),
    })
    const running = run({} as Roster, {} as Channel)
    const progress = await began.promise
    for (const name of frostSignStages) {
      assert.deepEqual(told, [])
      progress({ type: 'stage', name, index: 0, of: 2 })
    }
    assert.deepEqual(told, ['leaves'])
    answer.resolve(signed)
    assert.equal(await running, signed)
    assert.deepEqual(told, ['leaves', 'engine ends', 'run ends'])
  })

  it('tells the last stage of every scheme by the same name', () => {
    assert.equal(blsSignStages.at(-1), frostSignStages.at(-1))
  })
})
