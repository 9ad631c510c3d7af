import { importPsbt } from '../../tss-wasm/content/psbt.ts'
import { bitcoinAddress } from '../../tss-wasm/content/bitcoin.ts'
import { contentJson } from '../../coordinator-stub/party/contentJson.ts'
import { rpcCodes } from '../../coordinator-stub/signer/rpcError.ts'
import type { PartyWallet } from '../../coordinator-stub/party/wallet.ts'
import { fingerprintOf, withChecksum } from '../../tss-wasm/content/descriptor.ts'
import { extendedPublicKey } from '../../tss-wasm/content/extendedKey.ts'
import { keyAt } from '../../tss-wasm/content/keys.ts'
import { ContentRefused } from '../../tss-wasm/content/refused.ts'
import { bytesToHex } from '@noble/hashes/utils.js'
import { command, dataFolder, storedWallets } from './party.ts'
import { type Answer, type Call, Failed } from './table.ts'

/**
 * The commands of Bitcoin's Hardware Wallet Interface, version 3, by which Bitcoin Core and others use a signer that is a program.
 * Each wallet of the party is a device. What fails is a document too, as those who call expect it: {"error", "code"}, with status 0.
 */
const codes = {
  ...{ missingArgument: -2, noDevice: -3, invalidTransaction: -5, badArgument: -7, unavailable: -9, notReady: -12 },
  ...{ unknown: -13, cancelled: -14 },
} as const

class HwiError extends Error {
  readonly code: number
  constructor(message: string, code: number) {
    super(message)
    this.code = code
  }
}

export const enumerate = answering(async (call) =>
  (await devices(call)).map(({ walletId, name, publicKey }) => ({
    ...{ type: 'quorate', model: 'quorate', label: name, path: walletId },
    ...{ needs_pin_sent: false, needs_passphrase_sent: false, fingerprint: fingerprintOf(publicKey) },
  })),
)

export const getMasterXpub = answering(async (call) => ({ xpub: extendedPublicKey((await device(call)).publicKey) }))

/** The wallet's key stands for every account: programs put hardened indexes before it, and nothing is derived by those. */
export const getXpub = answering(async (call) => {
  const [path = ''] = call.arguments
  const indexes = indexesOf(path)
  if (indexes.some(({ isHardened }) => !isHardened))
    throw new HwiError(
      `an extended key is told of the wallet itself, as m or m/84h/0h/0h, not of ${path}`,
      codes.unavailable,
    )
  return { xpub: extendedPublicKey((await device(call)).publicKey) }
})

export const getDescriptors = answering(async (call) => {
  const account = call.option('account') ?? '0'
  if (account !== '0') throw new HwiError('a wallet has the account 0 only', codes.badArgument)
  const { publicKey } = await device(call)
  const branch = (number: number) =>
    withChecksum(`wpkh([${fingerprintOf(publicKey)}]${extendedPublicKey(publicKey)}/${number}/*)`)
  return { receive: [branch(0)], internal: [branch(1)] }
})

/** By a path, or by a descriptor of one key, which has to be the wallet's. */
export const displayAddress = answering(async (call) => {
  const { publicKey } = await device(call)
  const [path, descriptor] = [call.option('path'), call.option('desc')]
  if ((path === undefined) === (descriptor === undefined))
    throw new HwiError('either --path or --desc says which address', codes.missingArgument)
  const named = descriptor === undefined ? { path: path ?? '', key: undefined } : keyOfDescriptor(descriptor, publicKey)
  const key = keyAt(publicKey, belowHardened(named.path)).publicKey
  if (named.key !== undefined && named.key !== bytesToHex(key))
    throw new HwiError('the key of the descriptor is not the wallet’s', codes.badArgument)
  return { address: bitcoinAddress(key) }
})

export const signTx = answering(async (call) => {
  const [text = ''] = call.arguments
  const wallet = await device(call)
  const psbt = Buffer.from(text, 'base64')
  if (psbt.toString('base64') !== text) throw new HwiError('the PSBT is not base64', codes.invalidTransaction)
  const content = contentJson({ type: 'bitcoin-psbt', psbt: importPsbt(new Uint8Array(psbt), wallet.publicKey) })
  const signed = await command(dataFolder(call), 'quorate_sign', { wallet: wallet.walletId, content }, waitMs)
  return { psbt: (signed as { readonly psbt: string }).psbt, signed: true }
})

/** As long as members are waited for. */
const waitMs = 600_000

function answering(answer: (call: Call) => Promise<unknown>) {
  return async (call: Call): Promise<Answer> => {
    const json = await answer(call).catch(failure)
    return { json, text: JSON.stringify(json) }
  }
}

function failure(error: unknown): { readonly error: string; readonly code: number } {
  if (error instanceof HwiError) return { error: error.message, code: error.code }
  if (error instanceof ContentRefused) return { error: error.message, code: codes.invalidTransaction }
  if (error instanceof Failed) {
    const said = error.rpcCode === undefined ? codes.notReady : codes.unknown
    return { error: error.message, code: error.rpcCode === rpcCodes.rejected ? codes.cancelled : said }
  }
  throw error
}

async function devices(call: Call): Promise<readonly PartyWallet[]> {
  const chain = call.option('chain') ?? 'main'
  if (chain !== 'main') throw new HwiError(`wallets are of the main network, not of ${chain}`, codes.badArgument)
  return (await storedWallets(dataFolder(call))).wallets.filter(({ state }) => state === 'active')
}

async function device(call: Call): Promise<PartyWallet> {
  const fingerprint = call.option('fingerprint')
  if (fingerprint === undefined) throw new HwiError('which wallet is said by --fingerprint', codes.missingArgument)
  const found = (await devices(call)).find(({ publicKey }) => fingerprintOf(publicKey) === fingerprint.toLowerCase())
  if (found === undefined) throw new HwiError(`no wallet has the fingerprint ${fingerprint}`, codes.noDevice)
  return found
}

/** "m/84h/0h/0h/1/5", with h or ' for hardened. @throws HwiError */
function indexesOf(path: string): readonly { readonly index: number; readonly isHardened: boolean }[] {
  if (!/^m?(\/[0-9]{1,10}[h']?)*$/.test(path) || path === '')
    throw new HwiError(`${path || 'nothing'} is no path, such as m/0/5`, codes.badArgument)
  return path
    .split('/')
    .slice(1)
    .map((text) => ({ index: Number.parseInt(text, 10), isHardened: /[h']$/.test(text) }))
}

function belowHardened(path: string): readonly number[] {
  const indexes = indexesOf(path)
  return indexes.slice(indexes.findLastIndex(({ isHardened }) => isHardened) + 1).map(({ index }) => index)
}

function keyOfDescriptor(descriptor: string, publicKey: Uint8Array): { readonly path: string; readonly key: string } {
  const [, fingerprint = '', path = '', key = ''] =
    /^wpkh\(\[([0-9a-f]{8})((?:\/[0-9]{1,10}[h']?)*)\]([0-9a-f]{66})\)(?:#[a-z0-9]{8})?$/.exec(descriptor) ?? []
  if (fingerprint !== fingerprintOf(publicKey))
    throw new HwiError('the descriptor is wpkh([FINGERPRINT/PATH]KEY) of this wallet', codes.badArgument)
  if (descriptor.includes('#') && withChecksum(descriptor.slice(0, -9)) !== descriptor)
    throw new HwiError('the checksum of the descriptor is wrong', codes.badArgument)
  return { path: `m${path}`, key }
}
