import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { hexToBytes } from '@noble/hashes/utils.js'
import { contentFromJson } from '../../coordinator-stub/party/contentJson.ts'
import { type HistoryLine, readHistoryLine } from '../../coordinator-stub/party/history.ts'
import { readIfThere } from '../../files/dataFolder.ts'
import { assembleOrder } from '../../tss-wasm/content/signing.ts'
import { writeNew } from './newFile.ts'
import { dataFolder, storedWallets, walletNamed } from './party.ts'
import { summaryOf } from './summary.ts'
import { type Answer, type Call, Failed } from './table.ts'
import { aligned } from './words.ts'

export async function exportHistory(call: Call): Promise<Answer> {
  const folder = dataFolder(call)
  const { wallets: stored } = await storedWallets(folder)
  const typed = call.option('wallet')
  const only = typed === undefined ? undefined : walletNamed(stored, typed)
  const entries: unknown[] = []
  const rows: string[][] = []
  for await (const line of historyIn(folder)) {
    if (only !== undefined && only.walletId !== line.wallet) continue
    const summary = summaryOf(line)
    const { result, transactionHash } = signedIn(line)
    entries.push({ ...line, summary, result, ...(transactionHash !== undefined && { transaction: transactionHash }) })
    rows.push([line.at, line.wallet, summary, transactionHash ?? ''])
  }
  const json = { quorateHistory: 1, wallets: stored.map(({ walletId, name }) => ({ id: walletId, name })), entries }
  const out = call.option('out')
  if (out === undefined) return { json, text: rows.length === 0 ? 'Nothing was signed yet.' : aligned(rows) }
  await writeNew(out, `${JSON.stringify(json, null, 2)}\n`)
  return { json: { written: out, entries: entries.length }, text: `${entries.length} signatures written to ${out}.` }
}

async function* historyIn(folder: string): AsyncGenerator<HistoryLine> {
  const path = join(folder, 'history.log')
  if ((await readIfThere(path)) === undefined) return
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const line = readHistoryLine(text)
    if (line !== undefined) yield line
  }
}

function signedIn({ at, publicKey, path, content, signatures }: HistoryLine) {
  const order = {
    publicKey: hexToBytes(publicKey),
    content: contentFromJson(content),
    ...(path !== undefined && { path }),
  }
  const made = signatures.map(({ r, s, recovery }) => ({ r: hexToBytes(r), s: hexToBytes(s), recovery }))
  try {
    return assembleOrder(order, made)
  } catch {
    throw new Failed(
      `history.log has a signature of ${at} that is not of what stands beside it: somebody has changed it`,
    )
  }
}
