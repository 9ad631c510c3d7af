import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'

/** What the app is to know in all, as JSON: it loads them before it shows what is signed. */
const mostBytes = 2 * 1024 * 1024
const longestFile = 256 * 1024
const most = { files: 500, folders: 4, included: 4 } as const

type Json = Readonly<Record<string, unknown>>

/** @throws Error for what is no description */
type Reader = (json: unknown) => {
  readonly deployments: 'any' | readonly unknown[]
  readonly calls: readonly unknown[]
  readonly messages: readonly unknown[]
}

/**
 * Descriptions (ERC-7730) from a folder and the folders in it, whole: what others they include is in them. A file that
 * another one includes and that names no contract itself is none.
 * @param read says what is none
 * @throws Error in one line that names every file that is wrong, and why
 */
export async function loadDescriptions(folder: string, read: Reader): Promise<readonly Json[]> {
  const root = await realpath(folder).catch(() => {
    throw new Error(`the descriptions: there is no folder ${folder}`)
  })
  const files = await filesIn(root, 0)
  if (files.length > most.files) throw new Error(`the descriptions: more than ${most.files} files in ${folder}`)
  const included = new Set<string>()
  const wholes = await Promise.all(files.map((file) => attempt(file, () => whole(file, root, included, 0))))
  const checked = wholes.map((each) => ('json' in each ? checkedOf(each.file, each.json, included, read) : each))
  const wrong = checked.flatMap((each) => ('why' in each ? [`${relative(root, each.file)}: ${each.why}`] : []))
  if (wrong.length > 0) throw new Error(`the descriptions: ${wrong.join('; ')}`)
  const all = checked.flatMap((each) => ('json' in each && each.json !== undefined ? [each.json] : []))
  if (JSON.stringify(all).length > mostBytes) throw new Error(`the descriptions: more than ${mostBytes} bytes in all`)
  return all
}

type Attempt<T> = { readonly file: string; readonly json: T } | { readonly file: string; readonly why: string }

async function attempt<T>(file: string, work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { file, json: await work() }
  } catch (error) {
    return { file, why: whyOf(error) }
  }
}

function whyOf(error: unknown): string {
  return error instanceof Error ? error.message : 'it cannot be read'
}

/** Names that begin with a dot are the system's. Links are followed: Kubernetes mounts files as such. */
async function filesIn(folder: string, within: number): Promise<string[]> {
  if (within > most.folders) return []
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).toSorted()
  const found = await Promise.all(
    names.slice(0, most.files + 1).map(async (name) => {
      const path = join(folder, name)
      if ((await stat(path)).isDirectory()) return filesIn(path, within + 1)
      return name.endsWith('.json') ? [path] : []
    }),
  )
  return found.flat()
}

/** @param included collects what files include */
async function whole(file: string, root: string, included: Set<string>, within: number): Promise<Json> {
  const { includes, ...own } = await readJson(file)
  if (includes === undefined) return own
  if (typeof includes !== 'string') throw new Error('it includes what is no name of a file')
  const other = resolve(dirname(file), includes)
  if (!other.startsWith(root + sep)) throw new Error(`it includes ${includes}, which is not in the folder`)
  if (within >= most.included) throw new Error('it includes others that include others, more than four deep')
  included.add(other)
  const inner = await whole(other, root, included, within + 1).catch((error: unknown) => {
    throw new Error(`it includes ${includes}: ${whyOf(error)}`)
  })
  return merged(inner, own)
}

async function readJson(file: string): Promise<Json> {
  const { size } = await stat(file).catch(() => {
    throw new Error('there is no such file')
  })
  if (size > longestFile) throw new Error(`it has more than ${longestFile} bytes`)
  const json = parsed(await readFile(file, 'utf8'))
  if (!isRecord(json)) throw new Error('not a JSON object')
  return json
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new Error('not valid JSON')
  }
}

/** ERC-7730, "includes": what both say, the one that includes says; fields of a format are the same where their paths are. */
function merged(inner: Json, own: Json): Json {
  const names = [...new Set([...Object.keys(inner), ...Object.keys(own)])]
  return Object.fromEntries(
    names.map((name) => {
      if (!Object.hasOwn(own, name)) return [name, inner[name]]
      const [theirs, ours] = [Object.hasOwn(inner, name) ? inner[name] : undefined, own[name]]
      if (isRecord(theirs) && isRecord(ours)) return [name, merged(theirs, ours)]
      if (name === 'fields' && isList(theirs) && isList(ours)) return [name, mergedFields(theirs, ours)]
      return [name, ours]
    }),
  )
}

function mergedFields(theirs: readonly unknown[], ours: readonly unknown[]): unknown[] {
  const pathOf = (field: unknown) => (isRecord(field) ? field['path'] : undefined)
  const kept = theirs.map((field) => {
    const own = ours.find((each) => pathOf(each) !== undefined && pathOf(each) === pathOf(field))
    return isRecord(field) && isRecord(own) ? merged(field, own) : field
  })
  const added = ours.filter(
    (field) => !theirs.some((each) => pathOf(each) !== undefined && pathOf(each) === pathOf(field)),
  )
  return [...kept, ...added]
}

/** None for one that is there to be included only. */
function checkedOf(file: string, json: Json, included: ReadonlySet<string>, read: Reader): Attempt<Json | undefined> {
  if (included.has(file) && !namesContract(json)) return { file, json: undefined }
  try {
    const { deployments, calls, messages } = read(json)
    if (deployments.length === 0) return { file, why: 'it names no contract (deployments)' }
    if (calls.length + messages.length === 0) return { file, why: 'none of its formats is a function or a type' }
    return { file, json }
  } catch (error) {
    return { file, why: whyOf(error) }
  }
}

function namesContract({ context }: Json): boolean {
  const kinds = isRecord(context) ? [context['contract'], context['eip712']] : []
  return kinds.some((kind) => isRecord(kind) && isList(kind['deployments']) && kind['deployments'].length > 0)
}

function isList(json: unknown): json is readonly unknown[] {
  return Array.isArray(json)
}

function isRecord(json: unknown): json is Json {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
