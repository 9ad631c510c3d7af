import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** The person at the terminal, or lines of standard input where there is none. */
export interface Console extends Disposable {
  say(text: string): void
  ask(question: string): Promise<string>
  /** What is typed is not shown. */
  askHidden(question: string): Promise<string>
}

/** @param isHidden whether there is a terminal that could show what is typed */
export function openConsole({ isHidden }: { readonly isHidden: boolean }): Console {
  let isMuted = false
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!isMuted) process.stdout.write(chunk)
      done()
    },
  })
  const lines = createInterface({ input: process.stdin, output, terminal: isHidden })
  const typed = lines[Symbol.asyncIterator]()
  async function ask(question: string): Promise<string> {
    process.stdout.write(question)
    const { value, done } = await typed.next()
    return done === true ? '' : value
  }
  return {
    say(text) {
      process.stdout.write(`${text}\n`)
    },
    ask,
    async askHidden(question) {
      isMuted = true
      try {
        return await ask(question)
      } finally {
        isMuted = false
        process.stdout.write('\n')
      }
    },
    [Symbol.dispose]() {
      lines.close()
    },
  }
}
