import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ProtocolAbort } from '../../failure.ts'
import { keygen } from '../../protocols/keygen.ts'
import type { Protocol } from '../../protocols/protocol.ts'
import { sign } from '../../protocols/sign.ts'
import type { Channel } from '../../round/channel.ts'
import type { PartyId } from '../../partyId.ts'
import { simulate, type Setting } from '../simulate.ts'
import { oldShares, reshare, reshareSetting } from './reshareSetting.ts'
import { keygenSetting, signSetting } from './settings.ts'

class Killed extends ProtocolAbort {
  constructor() {
    super({ kind: 'engine-crashed', detail: 'killed by the test' })
  }
}

/** Dies instead of sending its message number `index`, counted from 0. */
function dying(channel: Channel, index: number, onSend: () => void): Channel {
  let sent = 0
  return {
    ...channel,
    async send(message) {
      onSend()
      if (sent === index) throw new Killed()
      sent += 1
      await channel.send(message)
    },
  }
}

/** Kills each party instead of each of its messages. Every survivor has an outcome, and it is the right one. */
async function killEverywhere<I, O>(protocol: Protocol<I, O>, setting: Setting<I>) {
  const counts = { runs: 0, survivors: 0, done: 0, awaiting: 0 }
  for (const victim of setting.inputs.keys()) {
    for (let index = 0; ; index += 1) {
      let sends = 0
      const { outcomes } = await simulate(protocol, {
        ...setting,
        wrap: (channel, id) => (id === victim ? dying(channel, index, () => (sends += 1)) : channel),
      })
      if (sends <= index) break // it has no message of this number
      counts.runs += 1
      const survivors = [...outcomes].filter(([id]) => id !== victim)
      assert.equal(survivors.length, setting.inputs.size - 1)
      const named: PartyId[] = []
      for (const [id, outcome] of survivors) {
        counts.survivors += 1
        if (outcome.ok) {
          counts.done += 1
          continue
        }
        const { failure } = outcome
        assert.ok(failure.kind === 'timed-out', `party ${id}: ${JSON.stringify(failure)}`)
        assert.ok(failure.waitingFor.length > 0 && (failure.waitedMs ?? 0) > 0)
        named.push(...failure.waitingFor)
        counts.awaiting += 1
      }
      // Somebody waits for the victim itself, unless nobody needs its message any more.
      assert.ok(named.length === 0 || named.includes(victim), `victim ${victim}, message ${index}: ${named.join()}`)
    }
  }
  return counts
}

describe('a party that dies at any of its messages', () => {
  it('of keygen leaves every survivor with an outcome', async () => {
    const counts = await killEverywhere(keygen, keygenSetting(2, 3))
    console.log('keygen, 2-of-3:', JSON.stringify(counts))
    assert.ok(counts.runs >= 18)
  })

  it('of signing leaves every survivor with an outcome', async () => {
    const counts = await killEverywhere(sign, signSetting())
    console.log('signing, three signers:', JSON.stringify(counts))
    assert.ok(counts.runs >= 36)
  })

  it('of resharing leaves every survivor with an outcome', async () => {
    const counts = await killEverywhere(reshare, reshareSetting(oldShares.slice(0, 2), 2, 2))
    console.log('resharing, two old and two new members:', JSON.stringify(counts))
    assert.ok(counts.runs >= 18)
  })
})
