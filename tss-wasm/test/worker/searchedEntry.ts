// The engine's entry, and beside it a port on which the test asks what of a secret the worker still reaches: every object of
// its heap is looked at, through the inspector.
import { type Runtime, Session } from 'node:inspector'
import { type MessagePort, workerData } from 'node:worker_threads'
import { Secret } from '../../secret.ts'
import { type Found, type Hidden, veil, veilOf } from './searchedWorker.ts'

const { searches } = workerData as { readonly searches: MessagePort }
const session = new Session()
session.connect()

searches.on('message', (hidden: readonly Hidden[]) => {
  searches.postMessage(search(hidden))
})
// It ends with the worker, and holds nothing up.
searches.unref()

function search(hidden: readonly Hidden[]): Found {
  const bytes = hidden.flatMap((each) => (each.kind === 'bytes' ? [Buffer.from(each.veiled.map(veil).buffer)] : []))
  const ours = new Set<ArrayBufferLike>(bytes.map(({ buffer }) => buffer))
  const numbers = new Set(hidden.flatMap((each) => (each.kind === 'number' ? [each.veiled] : [])))
  const found = { bytes: 0, numbers: 0, secrets: 0 }
  const buffers = new Set<ArrayBufferLike>()
  const isNumber = (value: unknown): boolean => typeof value === 'bigint' && numbers.has(veilOf(value))
  for (const each of reachable(Object.prototype)) {
    if (each instanceof ArrayBuffer || each instanceof SharedArrayBuffer) buffers.add(each)
    else if (ArrayBuffer.isView(each)) buffers.add(each.buffer)
    else if (each instanceof WebAssembly.Memory) buffers.add(each.buffer)
    else if (each instanceof Secret && isHeld(each)) found.secrets += 1
    else if (valuesIn(each).some(isNumber)) found.numbers += 1
  }
  for (const buffer of buffers) {
    const content = Buffer.from(buffer as ArrayBuffer)
    if (!ours.has(buffer) && bytes.some((needle) => content.includes(needle))) found.bytes += 1
  }
  for (const needle of bytes) needle.fill(0)
  return found
}

function isHeld(secret: Secret<unknown>): boolean {
  try {
    secret.reveal()
    return true
  } catch {
    return false
  }
}

/** Own values, without running anybody's code. */
function valuesIn(object: object): readonly unknown[] {
  if (object instanceof Map) return [...object.keys(), ...object.values()]
  if (object instanceof Set) return [...object]
  return Object.values(Object.getOwnPropertyDescriptors(object)).map(({ value }) => value as unknown)
}

/** Every object that inherits from `prototype` and that the collector does not take. */
function reachable(prototype: object): readonly object[] {
  const here = globalThis as { searched?: unknown; take?: (objects: readonly object[]) => void }
  let all: readonly object[] = []
  here.searched = prototype
  here.take = (objects) => (all = objects)
  session.post('Runtime.evaluate', { expression: 'searched' }, (_, { result }) => {
    const prototypeObjectId = result.objectId ?? ''
    session.post('Runtime.queryObjects', { prototypeObjectId, objectGroup: 'search' }, (_error, answer) => {
      const { objects } = answer as Runtime.QueryObjectsReturnType
      const functionDeclaration = 'function () { take(this) }'
      session.post('Runtime.callFunctionOn', { objectId: objects.objectId ?? '', functionDeclaration })
    })
  })
  session.post('Runtime.releaseObjectGroup', { objectGroup: 'search' })
  delete here.searched
  delete here.take
  return all
}

await import('../../worker/entry.node.ts')
