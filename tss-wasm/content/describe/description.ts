import { readAddress } from '../jsonValues.ts'
import { functionOf, parseFunction, selectorOf, type AbiFunction } from './abi.ts'

/**
 * What somebody says that calls and typed data of some contracts mean (ERC-7730), as far as we show it. It gives names and
 * ways to write values; it takes nothing away: whatever is signed is shown, described or not.
 */
export interface Description {
  /** Who says so, by the description's own word. */
  readonly owner: string | undefined
  /** Of which contracts; 'any' of our own for the common standards only. */
  readonly deployments: 'any' | readonly Deployment[]
  /** Values that the domain of typed data has to have. */
  readonly domain: ReadonlyMap<string, string>
  readonly token: TokenFacts | undefined
  readonly calls: readonly CallFormat[]
  readonly messages: readonly MessageFormat[]
  /** The whole of it, for paths that begin with `$`. */
  readonly root: Json
}

export interface Deployment {
  readonly chainId: bigint
  /** With checksum. */
  readonly address: string
}

export interface TokenFacts {
  readonly ticker: string
  readonly decimals: number
}

export interface Format {
  /** What is meant by it, in a few words. */
  readonly intent: string | undefined
  readonly rows: readonly Row[]
}

export interface CallFormat extends Format {
  readonly selector: string
  readonly declared: AbiFunction
}

export interface MessageFormat extends Format {
  /** "Mail(Person from,…)Person(…)", or the name of the primary type alone. */
  readonly type: string
}

export interface Row {
  /** What the path starts from: a path to a list's elements, or '' for all that is given. */
  readonly scope: string
  readonly path: string
  readonly label: string
  readonly format: string
  readonly params: Json
}

export type Json = Readonly<Record<string, unknown>>

const longestLabel = 100
/** Of a function or type as it is declared. */
const longestKey = 4000
const most = { formats: 500, rows: 200, deployments: 1000, functions: 500 } as const

/** @throws Error for what is no description: whoever gives a folder of them is told at start */
export function readDescription(json: unknown): Description {
  const root = record(json)
  const context = record(root['context'])
  const [contract, eip712] = [context['contract'], context['eip712']].map(record)
  const metadata = record(root['metadata'])
  const display = record(root['display'])
  const formats = Object.entries(record(display['formats']))
  if (formats.length === 0) throw new Error('it has no display.formats')
  if (formats.some(([key]) => key.length > longestKey)) throw new Error('a key of display.formats is too long')
  // What we do not compare would let it speak for others than it means.
  if (eip712?.['domainSeparator'] !== undefined) throw new Error('it has a domainSeparator: give the domain itself')
  const definitions = record(display['definitions'])
  const isOfMessages = Object.hasOwn(context, 'eip712')
  const deployments = listOf((isOfMessages ? eip712 : contract)?.['deployments'])
  const abi = listOf(contract?.['abi'])
  for (const [name, count] of [
    ['formats', formats.length],
    ['deployments', deployments.length],
    ['functions', abi.length],
  ] as const) {
    if (count > most[name]) throw new Error(`it has more than ${most[name]} ${name}`)
  }
  const declared = new Map(abi.flatMap((each) => functionOf(each) ?? []).map((each) => [selectorOf(each), each]))
  const token = record(metadata['token'])
  return {
    owner: text(metadata['owner']),
    deployments: deployments.map(deployment),
    domain: new Map(Object.entries(record(eip712?.['domain'])).map(([name, value]) => [name, String(value)])),
    token: tokenFacts(token['ticker'], token['decimals']),
    calls: isOfMessages ? [] : formats.flatMap(([key, format]) => callFormat(key, format, definitions, declared) ?? []),
    messages: isOfMessages ? formats.map(([type, format]) => ({ type, ...formatOf(format, definitions) })) : [],
    root,
  }
}

function callFormat(
  key: string,
  format: unknown,
  definitions: Json,
  abi: ReadonlyMap<string, AbiFunction>,
): CallFormat | undefined {
  const written = parseFunction(key)
  const selector = /^0x[0-9a-f]{8}$/i.test(key) ? key.toLowerCase() : written && selectorOf(written)
  // An older description names its parameters in the ABI only.
  const declared = (selector === undefined ? undefined : abi.get(selector)) ?? written
  return selector === undefined || declared === undefined
    ? undefined
    : { selector, declared, ...formatOf(format, definitions) }
}

function formatOf(format: unknown, definitions: Json): Format {
  const { intent, fields } = record(format)
  const rows = rowsOf(listOf(fields), '', definitions).slice(0, most.rows)
  return { intent: typeof intent === 'string' ? text(intent) : undefined, rows }
}

/** Paths of a group start from where the group is. */
function rowsOf(fields: readonly unknown[], scope: string, definitions: Json): Row[] {
  return fields.flatMap((each) => {
    const field = record(each)
    const [, name] = /^\$\.display\.definitions\.(\w+)$/.exec(text(field['$ref']) ?? '') ?? []
    const shared = name === undefined || !Object.hasOwn(definitions, name) ? {} : record(definitions[name])
    const path = text(field['path']) ?? text(shared['path']) ?? ''
    if (Array.isArray(field['fields'])) return rowsOf(field['fields'], joined(scope, path), definitions)
    const label = text(field['label']) ?? text(shared['label'])
    if (label === undefined || path === '') return []
    const params = { ...record(shared['params']), ...record(field['params']) }
    return [{ scope, path, label, format: text(field['format']) ?? text(shared['format']) ?? 'raw', params }]
  })
}

function joined(scope: string, path: string): string {
  return scope === '' || path.startsWith('#') ? path : `${scope}.${path}`
}

function deployment(json: unknown): Deployment {
  const { chainId, address } = record(json)
  if (!Number.isSafeInteger(chainId) || typeof address !== 'string')
    throw new Error('one of its deployments has no chainId and address')
  return { chainId: BigInt(chainId as number), address: readAddress(address, 'deployment') }
}

export function tokenFacts(ticker: unknown, decimals: unknown): TokenFacts | undefined {
  const shown = text(ticker)
  const isCount = typeof decimals === 'number' && Number.isInteger(decimals) && decimals >= 0 && decimals <= 77
  return shown === undefined || !isCount ? undefined : { ticker: shown, decimals }
}

export function record(json: unknown): Json {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Json) : {}
}

function listOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? (json as readonly unknown[]) : []
}

function text(json: unknown): string | undefined {
  return typeof json === 'string' && json !== '' ? json.slice(0, longestLabel) : undefined
}
