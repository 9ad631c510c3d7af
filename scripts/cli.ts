// npm run cli -- COMMAND ..., or quorate COMMAND ...: the command line over a party's folder, and the party while it runs.
import { commands } from './cli/commands.ts'
import { type Answer, Failed, helpOf, parse, WrongCall } from './cli/table.ts'

/** A PSBT of 4 MiB, in base64. */
const longestTyped = 6 * 1024 * 1024
const args = process.argv.slice(2)
// As Bitcoin Core calls a signer: a PSBT is too long for an argument.
if (args.includes('--stdin')) args.push(...(await typedIn()).trim().split(/\s+/))

/** @throws RangeError beyond what the largest PSBT takes */
async function typedIn(): Promise<string> {
  let typed = ''
  for await (const part of process.stdin.setEncoding('utf8') as AsyncIterable<string>) {
    typed += part
    if (typed.length > longestTyped) throw new RangeError('too much on standard input')
  }
  return typed
}

/** Waits until a pipe has taken it all. */
async function print(output: string): Promise<void> {
  await new Promise<void>((resolve) =>
    process.stdout.write(output, () => {
      resolve()
    }),
  )
}

async function answer(): Promise<Answer> {
  const { command, call } = parse(commands, args)
  if (call.isOn('help') || command === undefined) {
    const help = helpOf(commands, command).trimEnd()
    return { json: { help }, text: help }
  }
  return command.run(call)
}

try {
  const isEmpty = args.length === 0
  const { json, text: words, status = 0 } = await answer()
  await print(`${args.includes('--json') ? JSON.stringify(json) : words}\n`)
  process.exitCode = isEmpty ? 2 : status
} catch (error) {
  const isTold = error instanceof WrongCall || error instanceof Failed || (error instanceof Error && 'code' in error)
  if (!isTold) throw error
  const message = error.message.replace(/\s*\n\s*/g, ' ')
  if (args.includes('--json')) await print(`${JSON.stringify({ error: message })}\n`)
  else process.stderr.write(`quorate: ${message}\n`)
  process.exitCode = error instanceof WrongCall ? 2 : 1
}
