// Writes one real message of every round of a keygen and a signature to fuzz/corpus/wire.
import { keygen } from '../tss-wasm/protocols/keygen.ts'
import { sign } from '../tss-wasm/protocols/sign.ts'
import type { Outgoing } from '../tss-wasm/round/channel.ts'
import { keygenSetting, signSetting } from '../tss-wasm/test/protocols/settings.ts'
import { recorded } from '../tss-wasm/test/network.ts'
import { results, simulate, type Setting } from '../tss-wasm/test/simulate.ts'
import { keep } from './corpus.ts'
import { roundNames } from './targets/wire.ts'

const sent: Outgoing[] = []
const listening = <T>(setting: Setting<T>): Setting<T> => ({
  ...setting,
  wrap: (channel, id) => (id === 1 ? recorded(channel, sent) : channel),
})
results(await simulate(keygen, listening(keygenSetting(2, 2))))
results(await simulate(sign, listening(signSetting())))

const first = new Map(sent.toReversed().map((message) => [message.round, message.body]))
const messages = roundNames.map((name, at) => new Uint8Array([at, ...(first.get(name) ?? [])]))
console.log(keep('wire', messages, 'real').join('\n'))
