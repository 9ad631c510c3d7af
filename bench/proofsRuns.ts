import { encrypt } from '../tss-wasm/crypto/paillier.ts'
import type { PreParameters } from '../tss-wasm/crypto/types.ts'
import { generator, multiplySecret, order } from '../tss-wasm/curve/point.ts'
import { randomScalar } from '../tss-wasm/curve/scalar.ts'
import { gathering } from '../tss-wasm/integers/gathering.ts'
import type { Kernel } from '../tss-wasm/integers/kernel.ts'
import { randomBelow, randomUnit } from '../tss-wasm/integers/sampling.ts'
import { wasmArithmetic } from '../tss-wasm/integers/wasm.ts'
import { parsePreParameters } from '../tss-wasm/keyShare/saveData.ts'
import { proveAliceRange, verifyAliceRange } from '../tss-wasm/proofs/aliceRange.ts'
import { proveDln, verifyDln } from '../tss-wasm/proofs/dln.ts'
import { proveMod, verifyMod } from '../tss-wasm/proofs/mod.ts'
import { answerMtaChecked, finishMtaChecked } from '../tss-wasm/proofs/mta.ts'
import { proveNoSmallFactor, verifyNoSmallFactor } from '../tss-wasm/proofs/noSmallFactor.ts'
import { provePaillierRoot, verifyPaillierRoot } from '../tss-wasm/proofs/paillierRoot.ts'
import type { Tools } from '../tss-wasm/proofs/proof.ts'
import { systemRandom } from '../tss-wasm/random.ts'

const context = Uint8Array.of(1, 2, 3)

/** Milliseconds by name of the step. Every measurement starts without tables, as the first use in a ceremony does. */
export async function measureProofs(
  { runs, saved }: { readonly runs: number; readonly saved: readonly string[] },
  kernel: Kernel,
): Promise<Record<string, number[]>> {
  const times: Record<string, number[]> = {}
  const tools = (): Tools => ({ arithmetic: gathering(wasmArithmetic(kernel)), random: systemRandom })
  const [ours, theirs] = await Promise.all(saved.map((json) => parsePreParameters(json, tools())))
  if (ours === undefined || theirs === undefined) throw new Error('two sets of pre-parameters are needed')

  async function timed<T>(name: string, step: (fresh: Tools) => Promise<T>): Promise<T> {
    const fresh = tools()
    const begun = performance.now()
    const result = await step(fresh)
    const ms = performance.now() - begun
    fresh.arithmetic.erase()
    ;(times[name] ??= []).push(ms)
    return result
  }
  for (let run = 0; run < runs; run++) {
    await keygenProofs(ours, theirs, timed)
    await signingProofs(ours, theirs, timed)
  }
  return times
}

type Timed = <T>(name: string, step: (fresh: Tools) => Promise<T>) => Promise<T>

async function keygenProofs(ours: PreParameters, theirs: PreParameters, timed: Timed): Promise<void> {
  const { paillier, ringPedersen } = ours
  const primes = paillier.primes.reveal()
  const halves = ringPedersen.halves.reveal()
  const ring = { nTilde: ringPedersen.nTilde, h1: ringPedersen.h1, h2: ringPedersen.h2 }
  const dln = await timed('DLN prove', (fresh) => proveDln(ring, { x: ringPedersen.alpha.reveal(), halves }, fresh))
  holds(await timed('DLN verify', ({ arithmetic }) => verifyDln(ring, dln, arithmetic)))

  const statement = { n: paillier.n, context }
  const mod = await timed('mod prove', (fresh) => proveMod(statement, { primes }, fresh))
  holds(await timed('mod verify', ({ arithmetic }) => verifyMod(statement, mod, arithmetic)))

  const { nTilde, h1, h2 } = theirs.ringPedersen
  const factors = { n0: paillier.n, context, verifier: { nTilde, h1, h2 } }
  const factor = await timed('no small factor prove', (fresh) => proveNoSmallFactor(factors, { primes }, fresh))
  const checked = { ...factors, verifier: theirs.ringPedersen }
  holds(await timed('no small factor verify', ({ arithmetic }) => verifyNoSmallFactor(checked, factor, arithmetic)))

  const root = { n: paillier.n, partyKey: 1n, publicKey: generator }
  const answers = await timed('Paillier root prove', (fresh) => provePaillierRoot(root, { primes }, fresh))
  holds(await timed('Paillier root verify', ({ arithmetic }) => verifyPaillierRoot(root, answers, arithmetic)))
}

async function signingProofs(alice: PreParameters, bob: PreParameters, timed: Timed): Promise<void> {
  const m = randomBelow(systemRandom, order)
  const r = randomUnit(systemRandom, alice.paillier.n)
  const { nTilde, h1, h2 } = bob.ringPedersen
  const { c, proof } = await timed('Alice encrypts and proves the range', async (fresh) => {
    const c = await encrypt(alice.paillier, { m, x: r }, fresh.arithmetic)
    const statement = { alice: alice.paillier, ciphertext: c, verifier: { nTilde, h1, h2 } }
    return { c, proof: await proveAliceRange(statement, { m, r }, fresh) }
  })
  const n = { n: alice.paillier.n }
  const asBob = { alice: n, ciphertext: c, verifier: bob.ringPedersen }
  holds(await timed('Alice range verify', ({ arithmetic }) => verifyAliceRange(asBob, proof, arithmetic)))

  const b = randomScalar(systemRandom)
  const point = multiplySecret(generator, b)
  const ring = { nTilde: alice.ringPedersen.nTilde, h1: alice.ringPedersen.h1, h2: alice.ringPedersen.h2 }
  const exchange = { alice: n, verifier: ring, offered: c, context, point }
  const answer = await timed('Bob answers and proves', (fresh) => answerMtaChecked(exchange, b, fresh))
  const own = { ...exchange, alice: alice.paillier, verifier: alice.ringPedersen }
  const result = await timed('Alice verifies Bob and decrypts', (fresh) =>
    finishMtaChecked(own, answer, fresh.arithmetic),
  )
  holds('flaw' in result ? result.flaw : undefined)
}

function holds(flaw: string | undefined): void {
  if (flaw !== undefined) throw new Error(flaw)
}
