import { gammaPower, modulusNSquared, nthPower } from '../../crypto/paillier.ts'
import { text } from '../../crypto/transcript.ts'
import { generator, multiplyPublic } from '../../curve/point.ts'
import { inverse, mod } from '../../integers/numberTheory.ts'
import type { AffineGroupWitness } from '../../proofs/affineGroup.ts'
import type { AffineGroupOpenStatement } from '../../proofs/affineGroupOpen.ts'
import { paillierKey } from '../fixtures.ts'
import { arithmetic, fixture1, paillier0 } from './setting.ts'

const receiver = paillierKey(fixture1)

export const affineWitness: AffineGroupWitness = {
  x: -(2n ** 255n - 19n),
  y: 2n ** 1279n - 12_345n,
  ρ: 271_828n,
  ρ_y: 314_159n,
}

/** What the witness makes of a ciphertext of 41: party 1's key receives, party 0's proves. */
export async function affineStatement({ x, y, ρ, ρ_y }: AffineGroupWitness): Promise<AffineGroupOpenStatement> {
  const N02 = receiver.n ** 2n
  const [cN = 0n, ρN = 0n] = await arithmetic.products(modulusNSquared(receiver), [
    [nthPower(receiver, 3n)],
    [nthPower(receiver, ρ)],
  ])
  const C = mod(gammaPower(receiver, 41n) * cN, N02)
  const magnitude = x < 0n ? -x : x
  const base = x < 0n ? inverse(C, N02) : C
  const [xC = 0n] = await arithmetic.products(modulusNSquared(receiver), [[{ base, exponent: magnitude }]])
  const [ρ_yN = 0n] = await arithmetic.products(modulusNSquared(paillier0), [[nthPower(paillier0, ρ_y)]])
  return {
    receiver,
    prover: paillier0,
    C,
    D: mod(mod(xC * ρN, N02) * gammaPower(receiver, y), N02),
    Y: mod(gammaPower(paillier0, y) * ρ_yN, paillier0.n ** 2n),
    X: multiplyPublic(generator, x),
    state: text('this run'),
  }
}
