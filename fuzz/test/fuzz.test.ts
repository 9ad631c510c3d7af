import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { run, slowMs } from '../campaign.ts'
import { readCorpus } from '../corpus.ts'
import { dice, mutated } from '../mutate.ts'
import { promise, type Target } from '../target.ts'
import { targets } from '../targets/index.ts'

/** A short, repeatable part of `npm run fuzz`: the kept corpus and some hundred changes of it. */
describe('parsers of strangers’ bytes refuse what they cannot use, at once, and never fail', () => {
  for (const target of targets) {
    it(target.name, async () => {
      const corpus = readCorpus(target.name)
      const limits = { seed: 1, inputs: corpus.length + 400, milliseconds: 5000, isGuided: false }
      const { found, accepted } = await run({ target, corpus, ...limits })
      assert.deepEqual(
        found.map(({ input, why }) => [Buffer.from(input).toString('base64').slice(0, 400), why]),
        [],
      )
      assert.ok(accepted > 0, 'nothing was accepted: the target tests only its first check')
    })
  }
})

describe('the fuzzer', () => {
  // Bounded by inputs alone: how far it comes in a time, the machine would say.
  const limits = { corpus: [], seed: 1, inputs: 15_000, milliseconds: Infinity }
  const seeds = () => [new TextEncoder().encode('{"a":1}')]

  it('finds a crash behind three bytes, because it sees how far it came', async () => {
    const target: Target = { name: 'x', seeds: () => [Uint8Array.of(1, 2, 3)], read: behindThreeBytes }
    const { found } = await run({ ...limits, target, isGuided: true })
    assert.match(found[0]?.why ?? '', /broken promise: reached/)
    const blind = await run({ ...limits, target, isGuided: false })
    assert.deepEqual(blind.found, [])
  })

  it('finds what hangs, and what is left in memory', async () => {
    const hoard: Uint8Array[] = []
    const slow: Target = { name: 'x', seeds, read: () => (work(slowMs + 50), true) }
    assert.match((await run({ ...limits, inputs: 1, target: slow, isGuided: false })).found[0]?.why ?? '', /took/)
    const greedy: Target = { name: 'x', seeds, read: () => hoard.push(new Uint8Array(2 ** 20)) > 0 }
    const { found } = await run({ ...limits, inputs: 200, target: greedy, isGuided: false })
    assert.match(found.at(-1)?.why ?? '', /MiB are held/)
  })

  it('counts only what is held: garbage of an earlier target neither hides growth nor looks like it', async () => {
    let garbage: Uint8Array[] = []
    for (let i = 0; i < 200; i++) garbage.push(new Uint8Array(2 ** 20))
    const greedy: Target = { name: 'x', seeds, read: () => garbage.push(new Uint8Array(2 ** 20)) > 0 }
    garbage = []
    assert.match(
      (await run({ ...limits, inputs: 200, target: greedy, isGuided: false })).found.at(-1)?.why ?? '',
      /held/,
    )
    const wasteful: Target = { name: 'x', seeds, read: () => new Uint8Array(2 ** 20).length > 0 }
    assert.deepEqual((await run({ ...limits, inputs: 200, target: wasteful, isGuided: false })).found, [])
  })

  it('says when its seeds are refused', async () => {
    const { found } = await run({
      ...limits,
      inputs: 1,
      target: { name: 'x', seeds, read: () => false },
      isGuided: false,
    })
    assert.match(found[0]?.why ?? '', /seed is refused/)
  })

  it('makes the same inputs from the same seed', () => {
    const made = (seed: number) => {
      const roll = dice(seed)
      return Array.from({ length: 50 }, () => mutated({ corpus: seeds(), words: ['"b":'] }, roll))
    }
    assert.deepEqual(made(7), made(7))
    assert.notDeepEqual(made(7), made(8))
  })
})

function behindThreeBytes(bytes: Uint8Array): boolean {
  if (bytes[0] === 0x7f) {
    if (bytes[1] === 0x80) {
      promise(bytes[2] !== 0xfe, 'reached')
    }
  }
  return true
}

/** Of processor time. */
function work(milliseconds: number): void {
  const started = process.cpuUsage()
  for (;;) {
    const { user, system } = process.cpuUsage(started)
    if (user + system > milliseconds * 1000) return
  }
}
