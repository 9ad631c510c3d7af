// What the app relies on and an engine may lack, each with the test that is made at start-up. What has a fall-back is not
// here: relaxed SIMD (the portable kernel), explicit resource management (disposal.web.ts), storage that must be asked for.

/** What there is to have, under the name that people find when they search for it. */
export interface Feature {
  readonly name: string
  /** Absent means no: also where asking throws. */
  readonly isThere: (scope: typeof globalThis) => boolean
}

/** (module (func (result v128) i32.const 0 i8x16.splat)) */
const simdModule = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11]

const has = (owner: object, method: string): boolean => typeof (owner as Record<string, unknown>)[method] === 'function'

/** Asked in the first script of the page, in syntax that engines of 2015 read. */
export const features: readonly Feature[] = [
  {
    name: 'WebAssembly SIMD',
    isThere: (scope) => scope.WebAssembly.validate(new Uint8Array(simdModule)),
  },
  { name: 'BigInt', isThere: (scope) => has(scope, 'BigInt') },
  { name: 'Web Crypto', isThere: (scope) => typeof scope.crypto.subtle === 'object' },
  { name: 'Web Locks', isThere: (scope) => has(scope.navigator.locks, 'request') },
  { name: 'IndexedDB', isThere: (scope) => has(scope, 'IDBFactory') },
  { name: 'Web Workers', isThere: (scope) => has(scope, 'Worker') },
  { name: 'Promise.withResolvers', isThere: (scope) => has(scope.Promise, 'withResolvers') },
  { name: 'Map.groupBy', isThere: (scope) => has(scope.Map, 'groupBy') },
  { name: 'Array.prototype.toSorted', isThere: (scope) => has(scope.Array.prototype, 'toSorted') },
  { name: 'String.prototype.isWellFormed', isThere: (scope) => has(scope.String.prototype, 'isWellFormed') },
  { name: 'AbortSignal.any', isThere: (scope) => has(scope.AbortSignal, 'any') },
  { name: 'Intl.ListFormat', isThere: (scope) => has(scope.Intl, 'ListFormat') },
]

/** The names of those that this engine lacks. */
export function missingFeatures(scope: typeof globalThis): string[] {
  return features.filter((feature) => !isThere(feature, scope)).map(({ name }) => name)
}

function isThere(feature: Feature, scope: typeof globalThis): boolean {
  try {
    return feature.isThere(scope)
  } catch {
    return false
  }
}

/** The curves of identities, which only an attempt can show. */
export async function missingCurves({ subtle }: Crypto): Promise<string[]> {
  const curves = [
    ['Ed25519', ['sign', 'verify']],
    ['X25519', ['deriveBits']],
  ] as const
  const tried = await Promise.all(
    curves.map(async ([name, uses]) => {
      const isMade = await Promise.resolve(subtle.generateKey(name, false, uses)).then(
        () => true,
        () => false,
      )
      return isMade ? [] : [`Web Crypto ${name}`]
    }),
  )
  return tried.flat()
}
