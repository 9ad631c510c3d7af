import { Worker } from 'node:worker_threads'
import type { Database, Query, Row } from './database.ts'
import type { Answer, Question } from './pgliteThread.ts'

interface Asked {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/**
 * PostgreSQL in a thread of this process. It does one thing at a time.
 * @param folder where the database lives, or undefined: in memory, gone at the end
 * @param onLost told when it has stopped by itself; whatever is asked from then on is refused
 */
export async function openPGlite(folder: string | undefined, onLost: () => void = () => undefined): Promise<Database> {
  const thread = new Worker(new URL('./pgliteThread.ts', import.meta.url), { workerData: { folder } })
  const asked: Asked[] = []
  let died: Error | undefined
  thread.on('message', (answer: Answer) => {
    const first = asked.shift()
    if ('error' in answer) first?.reject(answer.error)
    else first?.resolve(answer.value)
    // Who does not close it is not kept from ending.
    if (asked.length === 0) thread.unref()
  })
  let isClosing = false
  const die = (error: Error) => {
    died ??= error
    for (const { reject } of asked.splice(0)) reject(died)
  }
  thread.on('error', die)
  thread.on('exit', () => {
    die(new Error('the database is closed'))
    if (!isClosing) onLost()
  })

  function expect(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (died !== undefined) {
        reject(died)
        return
      }
      asked.push({ resolve, reject })
      thread.ref()
    })
  }
  function ask(question: Question): Promise<unknown> {
    const answered = expect()
    thread.postMessage(question)
    return answered
  }

  let last: Promise<unknown> = Promise.resolve()
  /** A transaction has the engine for itself. */
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }

  const inside: Query = {
    query: async (sql, parameters = [], name) =>
      (await ask({ kind: 'query', sql, parameters, ...(name !== undefined && { name }) })) as readonly Row[],
    script: async (sql) => {
      await ask({ kind: 'script', sql })
    },
  }
  try {
    await expect()
  } catch (error) {
    isClosing = true
    await thread.terminate()
    throw error
  }
  return {
    width: 1,
    query: (sql, parameters, name) => alone(() => inside.query(sql, parameters, name)),
    script: (sql) => alone(() => inside.script(sql)),
    transaction: (work) =>
      alone(async () => {
        await inside.script('begin')
        try {
          const result = await work(inside)
          await inside.script('commit')
          return result
        } catch (error) {
          await inside.script('rollback')
          throw error
        }
      }),
    close: () =>
      alone(async () => {
        isClosing = true
        if (died === undefined) await ask({ kind: 'close' })
        await thread.terminate()
      }),
  }
}
