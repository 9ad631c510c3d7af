import { request } from 'node:http'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { commandFile } from '../../coordinator-stub/party/commandDoor.ts'
import { decodeRecord, type PartyWallet } from '../../coordinator-stub/party/wallet.ts'
import { readIfThere } from '../../files/dataFolder.ts'
import { ethereumAddress } from '../../tss-wasm/content/ethereum.ts'
import { root } from '../project.ts'
import { type Call, Failed, WrongCall } from './table.ts'

/** Files are where they were typed, also where npm has changed the folder. */
export function pathOf(typed: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), typed)
}

/** Of the party that is meant: as `npm run party` has it, unless another is named. */
export function dataFolder({ option }: Pick<Call, 'option'>): string {
  const typed = option('data')
  return typed === undefined ? resolve(root, '.quorate/desk') : pathOf(typed)
}

/** Of the party's folder, running or not: records hold nothing secret. */
export interface StoredWallets {
  readonly wallets: readonly PartyWallet[]
  /** Files that cannot be read. */
  readonly damaged: readonly string[]
}

/** @throws Failed where the folder is none of a party */
export async function storedWallets(folder: string): Promise<StoredWallets> {
  const inner = join(folder, 'wallets')
  const names = await readdir(inner).catch(() => {
    throw new Failed(`${folder} is no data folder of a party; name it with --data`)
  })
  const wallets: PartyWallet[] = []
  const damaged: string[] = []
  for (const name of names.filter((each) => each.endsWith('.json')).sort()) {
    const bytes = await readIfThere(join(inner, name))
    try {
      if (bytes !== undefined) wallets.push(decodeRecord(bytes))
    } catch {
      damaged.push(name)
    }
  }
  return { wallets: wallets.toSorted((a, b) => (a.madeAtMs ?? 0) - (b.madeAtMs ?? 0)), damaged }
}

/**
 * The wallet that is meant: by its id, or the beginning of it, its address or its name; where there is one only, by nothing.
 * @throws WrongCall where none is meant, or several are
 */
export function walletNamed(wallets: readonly PartyWallet[], typed: string | undefined): PartyWallet {
  const active = wallets.filter(({ state }) => state === 'active')
  const isMeant = ({ walletId, name, publicKey }: PartyWallet) =>
    typed === undefined ||
    walletId.startsWith(typed.toLowerCase()) ||
    name === typed ||
    ethereumAddress(publicKey).toLowerCase() === typed.toLowerCase()
  const [found, ...others] = active.filter(isMeant)
  if (found !== undefined && others.length === 0) return found
  const which = typed === undefined ? '' : ` "${typed}"`
  throw new WrongCall(
    found === undefined
      ? `no wallet${which} signs here; "quorate wallets" lists them`
      : `several wallets could be meant${which}: name one by its id`,
  )
}

const doorSchema = z.strictObject({ url: z.url(), key: z.string().regex(/^[0-9a-f]{64}$/) })
const answerSchema = z.union([
  z.object({ error: z.object({ code: z.number(), message: z.string() }) }),
  z.object({ result: z.unknown() }),
])

/** @throws Failed where no party runs on the folder, or it says no, in its words */
export async function command(folder: string, method: string, given?: unknown, waitMs?: number): Promise<unknown> {
  const stored = await readIfThere(join(folder, commandFile))
  const notRunning = new Failed(
    `no party runs on ${folder}: start it with npm run party, or name its folder with --data`,
  )
  if (stored === undefined) throw notRunning
  const { url, key } = doorSchema.parse(JSON.parse(new TextDecoder().decode(stored)))
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: given === undefined ? [] : [given] })
  const text = await post(url, key, body, waitMs).catch((error: unknown) => {
    // Left behind by one that was killed.
    if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED') throw notRunning
    throw error
  })
  const answer = answerSchema.parse(JSON.parse(text))
  if ('error' in answer) throw new Failed(answer.error.message, answer.error.code)
  return answer.result
}

/** Without the limit that `fetch` has: members may take an hour. */
async function post(url: string, key: string, body: string, waitMs: number | undefined): Promise<string> {
  const { promise, resolve: done, reject } = Promise.withResolvers<string>()
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` }
  const sent = request(url, { method: 'POST', headers }, (response) => {
    let text = ''
    response.setEncoding('utf8')
    response.on('data', (part: string) => (text += part))
    response.on('end', () => {
      done(text)
    })
    response.on('error', reject)
  })
  sent.on('error', reject)
  const timer =
    waitMs === undefined
      ? undefined
      : setTimeout(() => {
          reject(new Failed('the members have not answered in time: the request is withdrawn'))
          sent.destroy()
        }, waitMs)
  sent.end(body)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
  }
}
