import { bytesToHex } from '@noble/hashes/utils.js'
import { bitcoinAddress } from '../../tss-wasm/content/bitcoin.ts'
import { ethereumAddress } from '../../tss-wasm/content/ethereum.ts'
import { dataFolder, storedWallets } from './party.ts'
import type { Answer, Call } from './table.ts'
import { aligned, oneLine } from './words.ts'

export async function wallets(call: Call): Promise<Answer> {
  const { wallets: stored, damaged } = await storedWallets(dataFolder(call))
  const listed = stored.map((wallet) => ({
    ...{ id: wallet.walletId, name: wallet.name, state: wallet.state },
    ...{ address: ethereumAddress(wallet.publicKey), bitcoin: bitcoinAddress(wallet.publicKey) },
    ...{ public_key: bytesToHex(wallet.publicKey), threshold: wallet.threshold, members: wallet.seats.length },
    ...{ seat: wallet.mySeat, epoch: wallet.epochs?.number ?? 0 },
    ...(wallet.madeAtMs !== undefined && { created: new Date(wallet.madeAtMs).toISOString() }),
  }))
  const rows = listed.map(({ id, name, state, address, threshold, members }) => [
    ...[id, address, `${threshold} of ${members}`, state === 'active' ? '' : state, oneLine(name)],
  ])
  const faults = damaged.map((file) => `wallets/${file} cannot be read\n`)
  return {
    json: { wallets: listed, damaged },
    text: rows.length === 0 ? 'No wallets yet.' : aligned(rows) + faults.join(''),
    status: damaged.length === 0 ? 0 : 1,
  }
}
