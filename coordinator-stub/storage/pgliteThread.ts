// Started by pglite.ts: the engine in a thread of its own, so that streams and calls go on while it works.
import { parentPort, workerData } from 'node:worker_threads'
import type { Value } from './database.ts'
import { openEngine, type PGliteEngine } from './pgliteEngine.ts'

export type Question =
  | { readonly kind: 'query'; readonly sql: string; readonly parameters: readonly Value[]; readonly name?: string }
  | { readonly kind: 'script'; readonly sql: string }
  | { readonly kind: 'close' }
/** Answers come in the order of the questions; the first one, without a question, says that the database is open. */
export type Answer = { readonly value: unknown } | { readonly error: unknown }

async function answer(work: () => Promise<unknown>): Promise<void> {
  try {
    parentPort?.postMessage({ value: await work() } satisfies Answer)
  } catch (error) {
    parentPort?.postMessage({ error } satisfies Answer)
    // As PostgreSQL does. The engine itself would say nothing more, and keep this thread busy for ever.
    if (hasStopped(error)) process.exit(1)
  }
}

/** A disk that is full or broken where its log has to be written, for example. */
function hasStopped(error: unknown): boolean {
  if (!(error instanceof Error) || !('severity' in error)) return false
  return error.severity === 'PANIC' || error.severity === 'FATAL'
}

function ask(engine: PGliteEngine, question: Question): Promise<unknown> {
  switch (question.kind) {
    case 'query':
      return engine.query(question.sql, question.parameters, question.name)
    case 'script':
      return engine.script(question.sql)
    case 'close':
      return engine.close()
  }
}

const { folder } = workerData as { readonly folder: string | undefined }
const opening = openEngine(folder)
let last = answer(async () => {
  await opening
})
parentPort?.on('message', (question: Question) => {
  last = last.then(() => answer(async () => ask(await opening, question)))
})
