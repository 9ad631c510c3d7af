// What the app uses and an engine may lack: what it cannot do without, tested at start-up (boot.ts, main.tsx), and what it
// does without in another way. A test holds the list against the code (web/test/features.test.ts).

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
  { name: 'Array.prototype.findLast', isThere: (scope) => has(scope.Array.prototype, 'findLast') },
  { name: 'Array.prototype.with', isThere: (scope) => has(scope.Array.prototype, 'with') },
  { name: 'URL.canParse', isThere: (scope) => has(scope.URL, 'canParse') },
  { name: 'dialog', isThere: (scope) => has(scope.HTMLDialogElement.prototype, 'showModal') },
  { name: 'AbortSignal.any', isThere: (scope) => has(scope.AbortSignal, 'any') },
  { name: 'Intl.ListFormat', isThere: (scope) => has(scope.Intl, 'ListFormat') },
]

/** What the app uses where it is there. */
export interface Extra extends Feature {
  /** What happens where it is not. */
  readonly instead: string
}

/** (module (func (param v128 v128 v128) (result v128) (f64x2.relaxed_madd))) */
const relaxedModule = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 123, 123, 123, 1, 123, 3, 2, 1, 0, 10, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2,
  253, 135, 2, 11,
]

export const extras: readonly Extra[] = [
  {
    name: 'WebAssembly relaxed SIMD',
    isThere: (scope) => scope.WebAssembly.validate(new Uint8Array(relaxedModule)),
    instead: 'the portable kernel computes, slower',
  },
  {
    name: 'storage manager',
    isThere: (scope) => has(scope.navigator.storage, 'persist'),
    instead: 'nothing is promised, and the page says so',
  },
  {
    name: 'service worker',
    isThere: (scope) => has(scope.navigator.serviceWorker, 'register'),
    instead: 'the code comes from the server each time',
  },
  {
    name: 'clipboard',
    isThere: (scope) => has(scope.navigator.clipboard, 'writeText'),
    instead: 'the page asks to copy by hand',
  },
  {
    name: 'camera',
    isThere: (scope) => has(scope.navigator.mediaDevices, 'getUserMedia'),
    instead: 'codes are read from pictures',
  },
  {
    name: 'passkeys',
    isThere: (scope) => has(scope.navigator.credentials, 'create') && has(scope, 'PublicKeyCredential'),
    instead: 'the passphrase opens shares',
  },
  {
    name: 'visual viewport',
    isThere: (scope) => typeof scope.visualViewport === 'object',
    instead: 'the browser alone keeps fields in sight of who types',
  },
]

/** The names of those that this engine lacks. */
export function missingFeatures(scope: typeof globalThis): string[] {
  return missingOf(features, scope)
}

export function missingExtras(scope: typeof globalThis): string[] {
  return missingOf(extras, scope)
}

function missingOf(list: readonly Feature[], scope: typeof globalThis): string[] {
  return list.filter((feature) => !isThere(feature, scope)).map(({ name }) => name)
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
      const make = async () => subtle.generateKey(name, false, uses)
      // WebKit fails for one key in 256 (tss-wasm/identity/curve25519.ts).
      const isMade = await make()
        .catch(make)
        .catch(make)
        .then(
          () => true,
          () => false,
        )
      return isMade ? [] : [`Web Crypto ${name}`]
    }),
  )
  return tried.flat()
}
