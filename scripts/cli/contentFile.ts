import type { SigningContent } from '../../tss-wasm/content/content.ts'
import { ContentRefused } from '../../tss-wasm/content/refused.ts'
import { ethereumAddress } from '../../tss-wasm/content/ethereum.ts'
import { importPsbt } from '../../tss-wasm/content/psbt.ts'
import { longestImport } from '../../tss-wasm/content/rawPsbt.ts'
import { encodeTransaction } from '../../tss-wasm/content/transaction.ts'
import { readTransactionJson } from '../../tss-wasm/content/transactionJson.ts'
import { importTypedData } from '../../tss-wasm/content/typedData.ts'
import { hexToBytes } from '@noble/hashes/utils.js'
import { type Kind, kinds } from './kinds.ts'
import { Failed, WrongCall } from './table.ts'

/**
 * What a file asks to be signed. A message is any file at all, and so has to be called one; the others are told apart by how they
 * begin.
 * @param as what it is called, one of `kinds`
 * @throws Failed where it cannot be read as that
 */
export function contentOfFile(file: Uint8Array, as: string | undefined, publicKey: Uint8Array): SigningContent {
  if (file.length > longestImport) throw new Failed('the file is too large')
  const kind = as === undefined ? kindOf(file) : kinds.find((each) => each === as)
  if (kind === undefined) throw new WrongCall(`--as is one of ${kinds.join(', ')}`)
  try {
    return contentAs(kind, file, publicKey)
  } catch (error) {
    if (error instanceof ContentRefused) throw new Failed(`the file cannot be signed: ${error.message}`)
    throw error
  }
}

function contentAs(kind: Kind, file: Uint8Array, publicKey: Uint8Array): SigningContent {
  const text = new TextDecoder().decode(file).trim()
  switch (kind) {
    case 'message':
      return { type: 'ethereum-message', message: new Uint8Array(file) }
    case 'typed-data':
      return { type: 'ethereum-typed-data', json: importTypedData(text) }
    case 'psbt':
      return { type: 'bitcoin-psbt', psbt: importPsbt(isRawPsbt(file) ? file : fromBase64(text), publicKey) }
    case 'transaction': {
      if (isHex(text)) return { type: 'ethereum-transaction', unsigned: hexToBytes(text.slice(2)) }
      const { transaction } = readTransactionJson(text, ethereumAddress(publicKey))
      if (transaction === undefined)
        throw new Failed('the transaction says too little: chainId, nonce, gas and fees have to be given')
      return { type: 'ethereum-transaction', unsigned: encodeTransaction(transaction) }
    }
  }
}

/** BIP-174: "psbt" and 0xff, or the same in base64. */
const magic = [0x70, 0x73, 0x62, 0x74, 0xff]
const isRawPsbt = (file: Uint8Array) => magic.every((byte, at) => file[at] === byte)
const isHex = (text: string) => /^0x([0-9a-f]{2})+$/i.test(text)

function kindOf(file: Uint8Array): Kind {
  const text = new TextDecoder().decode(file).trim()
  if (isRawPsbt(file) || text.startsWith('cHNidP8')) return 'psbt'
  if (isHex(text)) return 'transaction'
  const json = jsonIn(text)
  if (typeof json === 'object' && json !== null)
    return 'types' in json && 'domain' in json ? 'typed-data' : 'transaction'
  throw new WrongCall(`what this file is has to be said: --as ${kinds.join(', ')}`)
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** @throws Failed */
function fromBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text.replace(/\s/g, '')) throw new Failed('the PSBT is neither binary nor base64')
  return new Uint8Array(bytes)
}
