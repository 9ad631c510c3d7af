import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { failureText } from '../app/ceremony/failureTexts.ts'
import { en } from '../app/texts/en.ts'
import { failureIn } from '../../tss-wasm/failure.ts'
import { storing } from '../platform/browser/database.ts'

/** Every name that the specification of IndexedDB gives, and those that browsers add. */
const titles: Readonly<Record<string, string>> = {
  AbortError: en.failures.refusals.storageLost.title,
  ConstraintError: en.failures.refusals.restore.title,
  DataCloneError: en.failures.crashed.title,
  DataError: en.failures.refusals.storageDamaged.title,
  EncodingError: en.failures.refusals.storageDamaged.title,
  InvalidAccessError: en.failures.crashed.title,
  InvalidStateError: en.failures.refusals.storageLost.title,
  NotAllowedError: en.failures.refusals.storage.title,
  NotFoundError: en.failures.refusals.storageIncomplete.title,
  NotReadableError: en.failures.refusals.storageDamaged.title,
  OperationError: en.failures.refusals.storageDamaged.title,
  QuotaExceededError: en.failures.refusals.storageFull.title,
  ReadOnlyError: en.failures.crashed.title,
  SecurityError: en.failures.refusals.storage.title,
  SyntaxError: en.failures.crashed.title,
  TimeoutError: en.failures.refusals.storageDamaged.title,
  TransactionInactiveError: en.failures.refusals.storageLost.title,
  UnknownError: en.failures.refusals.storageDamaged.title,
  VersionError: en.failures.refusals.storageNewer.title,
}

suite('an error of the browser’s storage has its own story', () => {
  before(() => {
    Object.defineProperty(globalThis, 'indexedDB', { value: {}, configurable: true })
  })
  after(() => {
    Reflect.deleteProperty(globalThis, 'indexedDB')
  })
  for (const [name, title] of Object.entries(titles)) {
    test(`${name}: ${title}`, async () => {
      const failing = storing(() => Promise.reject(new DOMException('as the browser says it', name)))
      const failure = failureIn(await failing.catch((error: unknown) => error))
      assert.equal(failureText(failure, { kind: 'other', parties: String }, en).title, title)
    })
  }

  test('Chromium’s word for a site that may store nothing is no damage', async () => {
    const said = 'The user denied permission to access the database.'
    const failing = storing(() => Promise.reject(new DOMException(said, 'UnknownError')))
    const failure = failureIn(await failing.catch((error: unknown) => error))
    const { title } = failureText(failure, { kind: 'other', parties: String }, en)
    assert.equal(title, en.failures.refusals.storage.title)
  })
})
