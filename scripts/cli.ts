// npm run cli -- COMMAND ..., or quorate COMMAND ...: the command line over a party's folder, and the party while it runs.
import { commands } from './cli/commands.ts'
import { type Answer, Failed, helpOf, parse, WrongCall } from './cli/table.ts'

const args = process.argv.slice(2)

/** Waits until a pipe has taken it all. */
async function print(text: string): Promise<void> {
  await new Promise<void>((resolve) =>
    process.stdout.write(text, () => {
      resolve()
    }),
  )
}

async function answer(): Promise<Answer> {
  const { command, call } = parse(commands, args)
  if (call.isOn('help') || command === undefined) {
    const text = helpOf(commands, command).trimEnd()
    return { json: { help: text }, text }
  }
  return command.run(call)
}

try {
  const isEmpty = args.length === 0
  const { json, text, status = 0 } = await answer()
  await print(`${args.includes('--json') ? JSON.stringify(json) : text}\n`)
  process.exitCode = isEmpty ? 2 : status
} catch (error) {
  const isTold = error instanceof WrongCall || error instanceof Failed || (error instanceof Error && 'code' in error)
  if (!isTold) throw error
  const message = error.message.replace(/\s*\n\s*/g, ' ')
  if (args.includes('--json')) await print(`${JSON.stringify({ error: message })}\n`)
  else process.stderr.write(`quorate: ${message}\n`)
  process.exitCode = error instanceof WrongCall ? 2 : 1
}
