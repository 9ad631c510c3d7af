import { parseArgs } from 'node:util'

/** What a command answers: for programs with --json, else for people. */
export interface Answer {
  readonly json: unknown
  readonly text: string
  /** 0, unless what was looked at is not right. */
  readonly status?: 0 | 1
}

/** What was typed behind a command: its arguments in their order, and options by name; a switch is true. */
export interface Call {
  readonly arguments: readonly string[]
  readonly option: (name: string) => string | undefined
  readonly isOn: (name: string) => boolean
}

export interface Option {
  /** What stands for its value, such as FILE; without it the option is a switch. */
  readonly value?: string
  /** One letter. */
  readonly short?: string
  /** What the value may be, for completion. */
  readonly one?: readonly string[]
  readonly says: string
}

/** One command, declared once: it is parsed, explained and completed from here. */
export interface Command {
  /** By which it is called, such as "history export". */
  readonly name: string
  /** In capitals; those in brackets may be left out. */
  readonly arguments?: readonly string[]
  readonly options?: Readonly<Record<string, Option>>
  /** In a line. */
  readonly says: string
  readonly run: (call: Call) => Promise<Answer>
}

/** Wrongly called: it is said in a line, with status 2. */
export class WrongCall extends Error {}

/** Done right, and still not what was wanted: it is said in a line, with status 1. */
export class Failed extends Error {
  /** By which the running party says what has gone wrong, where it has said so. */
  readonly rpcCode: number | undefined
  constructor(message: string, rpcCode?: number) {
    super(message)
    this.rpcCode = rpcCode
  }
}

/** Of every command. */
export const commonOptions = {
  data: { value: 'FOLDER', says: 'The party’s data folder. Default: .quorate/desk.' },
  json: { says: 'One JSON document instead of text; a failure is {"error": …}.' },
  help: { says: 'What can be called, or how this is.' },
} as const satisfies Readonly<Record<string, Option>>

export interface Parsed {
  /** Undefined where none is named: with --help that is right. */
  readonly command: Command | undefined
  readonly call: Call
}

/** @throws WrongCall in words for whoever has typed it */
export function parse(commands: readonly Command[], args: readonly string[]): Parsed {
  const known = new Map<string, Option>(Object.entries(commonOptions))
  for (const { options = {} } of commands) for (const [name, option] of Object.entries(options)) known.set(name, option)
  const { values, positionals } = typed(known, args)
  const byLength = commands.toSorted((a, b) => b.name.length - a.name.length)
  const command = byLength.find(({ name }) => `${positionals.join(' ')} `.startsWith(`${name} `))
  const rest = positionals.slice(command?.name.split(' ').length ?? 0)
  const call: Call = {
    arguments: rest,
    option(name) {
      const value = values[name]
      return typeof value === 'string' ? value : undefined
    },
    isOn: (name) => values[name] === true,
  }
  if (command === undefined && positionals.length > 0)
    throw new WrongCall(`there is no command "${positionals.slice(0, 2).join(' ')}"; --help lists them`)
  if (command === undefined || call.isOn('help')) return { command, call }
  const own = { ...commonOptions, ...command.options }
  const stray = Object.keys(values).find((name) => !Object.hasOwn(own, name))
  if (stray !== undefined) throw new WrongCall(`"${command.name}" has no option --${stray}`)
  const wanted = command.arguments ?? []
  const needed = wanted.filter((each) => !each.startsWith('['))
  if (rest.length < needed.length || rest.length > wanted.length)
    throw new WrongCall(`it is called as: ${calledAs(command)}`)
  return { command, call }
}

function typed(known: ReadonlyMap<string, Option>, args: readonly string[]) {
  const options = [...known].map(
    ([name, { value, short }]) =>
      [name, { type: value === undefined ? 'boolean' : 'string', ...(short !== undefined && { short }) }] as const,
  )
  try {
    return parseArgs({ args: [...args], options: Object.fromEntries(options), allowPositionals: true })
  } catch (error) {
    throw new WrongCall(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error))
  }
}

/** "quorate history export [WALLET]" */
export function calledAs({ name, arguments: wanted = [] }: Command): string {
  return ['quorate', name, ...wanted].join(' ')
}

/** What --help prints, of all commands or of one. */
export function helpOf(commands: readonly Command[], command?: Command): string {
  if (command === undefined) {
    const rows = commands.map((each) => [calledAs(each).slice('quorate '.length), each.says] as const)
    return `Quorate’s command line: over the folder of a party without a window (npm run party), and that party while it runs.

  npm run cli -- COMMAND …

${listed(rows)}
Of every command:

${listed(optionRows(commonOptions))}
It ends with 0, with 1 where it fails or finds a fault, and with 2 for a wrong call. docs/OPERATIONS.md says more.
`
  }
  const own = optionRows(command.options ?? {})
  return `${command.says}

  ${calledAs(command)}

${listed([...own, ...optionRows(commonOptions)])}`
}

function optionRows(options: Readonly<Record<string, Option>>): (readonly [string, string])[] {
  return Object.entries(options).map(
    ([name, { value, short, says }]) =>
      [`${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`, says] as const,
  )
}

function listed(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}\n`).join('')
}
