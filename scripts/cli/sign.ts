import { readFile } from 'node:fs/promises'
import { contentJson } from '../../coordinator-stub/party/contentJson.ts'
import { contentOfFile } from './contentFile.ts'
import { writeNew } from './newFile.ts'
import { command, dataFolder, pathOf, storedWallets, walletNamed } from './party.ts'
import { summaryOf } from './summary.ts'
import { type Answer, type Call, WrongCall } from './table.ts'

export async function sign(call: Call): Promise<Answer> {
  const seconds = call.option('wait') ?? '600'
  if (!/^[1-9][0-9]{0,3}$/.test(seconds) || Number(seconds) > 3600) throw new WrongCall('--wait is 1 to 3600 seconds')
  const folder = dataFolder(call)
  const wallet = walletNamed((await storedWallets(folder)).wallets, call.option('wallet'))
  const [file = ''] = call.arguments
  const content = contentOfFile(await readFile(pathOf(file)), call.option('as'), wallet.publicKey)
  const json = contentJson(content)
  if (!process.stdout.isTTY || call.isOn('json')) process.stderr.write(`quorate: ${summaryOf({ content: json })} ...\n`)
  const given = { wallet: wallet.walletId, content: json, note: call.option('note') ?? '' }
  const signed = (await command(folder, 'quorate_sign', given, Number(seconds) * 1000)) as {
    readonly result: string
    readonly psbt?: string
  }
  const out = call.option('out')
  if (out !== undefined) await writeNew(out, `${signed.psbt ?? signed.result}\n`)
  return { json: signed, text: out === undefined ? signed.result : `Written to ${out}.` }
}
