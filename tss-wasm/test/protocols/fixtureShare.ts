import { pointFromCoordinates, type Point } from '../../curve/point.ts'
import type { PreParameters } from '../../crypto/types.ts'
import type { KeyShare } from '../../keyShare/keyShare.ts'
import { Secret } from '../../secret.ts'
import { saveData, type SaveData } from '../fixtures.ts'

/** The 3-of-5 key of tss-lib's own tests, party 0 to 4. */
export function fixtureShare(index: number): KeyShare {
  const data = saveData(index)
  return {
    threshold: 3,
    index,
    secret: new Secret(data.Xi),
    publicKey: point(data.ECDSAPub.Coords),
    preParameters: preParametersOf(data),
    parties: data.Ks.map((key, j) => ({
      key,
      publicShare: point(data.BigXj[j]?.Coords ?? [0n, 0n]),
      paillierN: data.PaillierPKs[j]?.N ?? 0n,
      ringPedersen: { nTilde: data.NTildej[j] ?? 0n, h1: data.H1j[j] ?? 0n, h2: data.H2j[j] ?? 0n },
    })),
  }
}

/** Five sets of real pre-parameters: safe primes are slow to find. */
export function fixturePreParameters(index: number): PreParameters {
  return preParametersOf(saveData(index))
}

function preParametersOf(data: SaveData): PreParameters {
  const { P, Q, N } = data.PaillierSK
  return {
    paillier: { n: N, primes: new Secret([P, Q]) },
    ringPedersen: {
      nTilde: data.NTildei,
      h1: data.H1i,
      h2: data.H2i,
      halves: new Secret([data.P, data.Q]),
      alpha: new Secret(data.Alpha),
      beta: new Secret(data.Beta),
    },
  }
}

function point([x, y]: readonly [bigint, bigint]): Point {
  const found = pointFromCoordinates(x, y)
  if (found === undefined) throw new Error('fixture holds a point off the curve')
  return found
}
