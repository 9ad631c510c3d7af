import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

/**
 * What an operator can set, declared once. Programs read it, and their usage, .env.example and the tables in
 * docs/OPERATIONS.md are written from it (npm run settings:table).
 */
export interface Setting<T = unknown> {
  /** Without its dashes. It wins over the variable. */
  readonly flag?: string
  /** Of the environment. An empty one, as in a copy of .env.example, is not set. */
  readonly variable?: string
  /** What stands for the value in the usage, such as FILE. Without it a flag is a switch. */
  readonly value?: string
  /** Taken when neither flag nor variable is set. */
  readonly fallback?: string
  /** A sentence or two for operators. */
  readonly says: string
  /** What .env.example has: a value to be kept, or one in a comment, to show the form. */
  readonly example?: { readonly text: string; readonly isSet?: boolean }
  /** @param name of the flag or variable @throws Error naming it, in one line, never showing a secret */
  readonly read: (text: string, name: string) => T
}

export type Settings = Readonly<Record<string, Setting>>

export type ValuesOf<S extends Settings> = {
  readonly [K in keyof S]: S[K] extends { readonly fallback: string }
    ? ReturnType<S[K]['read']>
    : ReturnType<S[K]['read']> | undefined
}

/** Of every program. */
export const help = { flag: 'help', says: 'Prints this and ends.', read: isOn } satisfies Setting<boolean>

/**
 * Ends the process with one line, and the status that shells know, for a flag that is unknown or lacks its value.
 * @returns the flags of the command line as text, by name; a switch is "1"
 */
export function flagsOf(settings: Settings, args = process.argv.slice(2)): Readonly<Record<string, string>> {
  const options = Object.values(settings).flatMap(({ flag, value }) =>
    flag === undefined ? [] : [[flag, { type: value === undefined ? 'boolean' : 'string' }] as const],
  )
  try {
    const { values } = parseArgs({ args, options: Object.fromEntries(options) })
    const given = Object.entries(values).map(([flag, value]) => [flag, value === true ? '1' : String(value)])
    return Object.fromEntries(given) as Record<string, string>
  } catch (error) {
    endWith(error)
  }
}

/** @throws Error naming the flag or variable that is wrong */
export function readSettings<const S extends Settings>(
  settings: S,
  flags: Readonly<Record<string, string>>,
  environment: NodeJS.ProcessEnv = process.env,
): ValuesOf<S> {
  const valueOf = ({ flag, variable, fallback, read }: Setting): unknown => {
    const typed = flag === undefined ? undefined : flags[flag]
    if (typed !== undefined) return read(typed, `--${flag ?? ''}`)
    const set = variable === undefined ? undefined : environment[variable]
    if (set !== undefined && set !== '') return read(set, variable ?? '')
    return fallback === undefined ? undefined : read(fallback, flag ?? variable ?? '')
  }
  const read = Object.entries(settings).map(([key, setting]) => [key, valueOf(setting)])
  return Object.fromEntries(read) as ValuesOf<S>
}

/** The same for programs that have nothing to stop yet: ends the process with one line that says what is wrong. */
export function readSettingsOrEnd<const S extends Settings>(
  settings: S,
  flags: Readonly<Record<string, string>>,
): ValuesOf<S> {
  try {
    return readSettings(settings, flags)
  } catch (error) {
    endWith(error)
  }
}

function endWith(error: unknown): never {
  process.stderr.write(`quorate: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(2)
}

/** What --help prints. @param command with what has to be given */
export function usageOf(about: string, command: string, settings: Settings): string {
  const rows = Object.values(settings).map((setting) => [namesOf(setting).join(', '), describe(setting)] as const)
  const width = Math.max(...rows.map(([name]) => name.length))
  const lines = rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}\n`)
  return `${about}\n\n  ${command}\n\n${lines.join('')}`
}

/** `--data FOLDER` and `QUORATE_DATA`. */
export function namesOf({ flag, variable, value }: Setting): string[] {
  const typed = flag === undefined ? [] : [value === undefined ? `--${flag}` : `--${flag} ${value}`]
  return variable === undefined ? typed : [...typed, variable]
}

function describe({ says, fallback }: Setting): string {
  return fallback === undefined ? says : `${says} Default: ${fallback}.`
}

export function asText(text: string): string {
  return text
}

export function asPath(text: string): string {
  return resolve(text)
}

export function asPort(text: string, name: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new Error(`${name} must be a port number from 0 to 65535, not "${text}"`)
}

export function asWholeNumber(text: string, name: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Error(`${name} must be a whole number, not "${text}"`)
}

export function asCount(text: string, name: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new Error(`${name} must be a whole number above 0, not "${text}"`)
}

export function isOn(text: string, name: string): boolean {
  if (text === '1' || text === '0') return text === '1'
  throw new Error(`${name} must be 1 or 0, not "${text}"`)
}
