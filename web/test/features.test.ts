import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { extras, features, missingCurves, missingExtras, missingFeatures } from '../boot/features.ts'

const isDeep = process.env['DEEP'] === '1'

// As far as Node has it: an engine in which everything is there.
const complete = Object.create(globalThis, {
  navigator: { value: { locks: { request: () => undefined } } },
  IDBFactory: { value: () => undefined },
  Worker: { value: () => undefined },
  HTMLDialogElement: { value: { prototype: { showModal: () => undefined } } },
  // A getter that answers to the real global object only.
  crypto: { value: globalThis.crypto },
}) as typeof globalThis

describe('what a browser must have', () => {
  test('nothing is missed where everything is there', () => {
    assert.deepEqual(missingFeatures(complete), [])
  })

  for (const [path, name] of [
    ['WebAssembly', 'WebAssembly SIMD'],
    ['BigInt', 'BigInt'],
    ['crypto', 'Web Crypto'],
    ['navigator', 'Web Locks'],
    ['Worker', 'Web Workers'],
    ['IDBFactory', 'IndexedDB'],
    ['AbortSignal', 'AbortSignal.any'],
    ['Intl', 'Intl.ListFormat'],
  ] as const) {
    test(`an engine without ${name} is told so by name`, () => {
      const old = Object.create(complete, { [path]: { value: undefined } }) as typeof globalThis
      assert.deepEqual(missingFeatures(old), [name])
    })
  }

  test('names are told once', () => {
    assert.equal(new Set(features.map(({ name }) => name)).size, features.length)
  })

  test('a browser whose Web Crypto lacks a curve is told which', async () => {
    const subtle = {
      generateKey: (name: string) => (name === 'X25519' ? Promise.reject(new Error('unknown')) : Promise.resolve({})),
    } as unknown as SubtleCrypto
    assert.deepEqual(await missingCurves({ subtle } as Crypto), ['Web Crypto X25519'])
    assert.deepEqual(await missingCurves(globalThis.crypto), [])
  })
})

describe('what the app does without', () => {
  test('every extra is told by its name, and says what happens instead', () => {
    const bare = Object.create(complete, { visualViewport: { value: undefined } }) as typeof globalThis
    const ofNode = missingExtras(bare)
    assert.ok(!ofNode.includes('WebAssembly relaxed SIMD'), 'Node has it')
    assert.deepEqual(
      ofNode,
      extras.map(({ name }) => name).filter((name) => name !== 'WebAssembly relaxed SIMD'),
    )
    for (const { name, instead } of extras) assert.ok(instead.length > 10, name)
  })
})

/** Browser code as if the language were that of 2022: the compiler names everything younger. */
function youngerThan2022(): Set<string> {
  const entries = ['main.tsx', 'boot/boot.ts', 'serviceWorker/serviceWorker.ts', 'app/passphrase/strengthWorker.ts']
  const workers = ['worker/entry.web.ts', 'integers/poolEntry.web.ts']
  const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  const program = ts.createProgram(
    [...entries.map((file) => at(`../${file}`)), ...workers.map((file) => at(`../../tss-wasm/${file}`))],
    {
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      jsx: ts.JsxEmit.ReactJSX,
      types: [],
      noEmit: true,
      strict: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      resolveJsonModule: true,
    },
  )
  const found = new Set<string>()
  for (const file of program.getSourceFiles()) {
    if (file.fileName.includes('node_modules')) continue
    for (const { code, messageText } of program.getSemanticDiagnostics(file)) {
      const [, name] = /'([^']+)'/.exec(ts.flattenDiagnosticMessageText(messageText, ' ')) ?? []
      if (name !== undefined && unknownTo2022.includes(code)) found.add(name)
    }
  }
  return found
}
/** No such property, or none before a later language; no such name, likewise. */
const unknownTo2022 = [2339, 2550, 2551, 2304, 2552, 2583, 2584]

// The compiler reads the whole app for it, which takes half a minute.
if (isDeep)
  describe('the lists hold all that the code uses of a language younger than its oldest engine', () => {
    test('each name is asked for at start-up, or added by disposal.web.ts', () => {
      const added = [
        'dispose',
        'asyncDispose',
        'Disposable',
        'DisposableStack',
        'AsyncDisposable',
        'AsyncDisposableStack',
      ]
      const typesOnly = ['PromiseWithResolvers', '__CONTENTS__']
      const asked = features.map(({ name }) => name.split('.').at(-1) ?? '')
      const siblings = { findLastIndex: 'findLast' } as Readonly<Record<string, string>> // of one proposal
      const unasked = [...youngerThan2022()].filter(
        (name) => ![...added, ...typesOnly, ...asked].includes(siblings[name] ?? name),
      )
      assert.deepEqual(unasked, [])
    })
  })
