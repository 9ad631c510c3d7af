import { recoverMessageAddress } from 'viem'
import { ethereumAddress } from '../../tss-wasm/content/ethereum.ts'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import { createWallet } from '../../web/jobs/createWallet.ts'
import type { Host } from '../../web/jobs/ceremony.ts'
import { type NewPlace, reshareWallet } from '../../web/jobs/reshareWallet.ts'
import { signContent } from '../../web/jobs/signContent.ts'
import type { WalletRecord, WalletSeat } from '../../web/platform/shareStore.ts'
import { memoryShareStore } from '../../web/test/memoryStores.ts'
import { type Demo, passphrase, say, seconds, startDemo, watching } from './demoStack.ts'

const never = new AbortController().signal
/** Server parties only: nobody is invited, and no codes are compared. */
const nobody: Host = { hosting: () => undefined, codesMatch: () => Promise.resolve(true) }
/** Who can change the members can take what the limits protect: server parties agree only where their operator says so. */
const policy = {
  version: 1,
  messages: true,
  chains: 'any',
  mostSignaturesPerHour: 60,
  resharing: { members: 'any' },
}

/**
 * A wallet outlives its parties: 2 of 3 with two server parties, of which one is replaced by a third; then 3 of 5. The address
 * stays, everybody who is a member signs, and a share of the epoch before does not.
 */
export async function resharingDemo(): Promise<object & { readonly verified: boolean }> {
  say('starting a coordinator and five server parties ...')
  await using demo = await startDemo({ parties: ['server-1', 'server-2', 'server-3', 'server-4', 'server-5'], policy })
  const { ports, stack } = demo
  const [first, second, third, fourth, fifth] = stack.parties
  if (!first || !second || !third || !fourth || !fifth) throw new Error('five server parties run')

  say('creating a 2-of-3 wallet with server-1 and server-2 ...')
  const form = { name: 'Demo', threshold: 2, serverParties: [first, second], passphrase: passphrase() }
  const wallet = await createWallet(ports, form, watching().watch, never)
  const address = ethereumAddress(wallet.publicKey)
  say(`wallet ${address}`)
  const [mine, one] = wallet.seats
  if (!mine || !one) throw new Error('a wallet has seats')
  const oldShare = await ports.shares.getShare(wallet.walletId)
  if (oldShare === undefined) throw new Error('a wallet has a share')
  const stays = (seat: WalletSeat): NewPlace => ({ kind: 'stays', seat })

  say('replacing server-2, which is lost, by server-3 ...')
  const watchReplacing = watching()
  const common = { reason: 'members', leaving: [], lifeSeconds: 0, app: '' } as const
  const replaced = await reshareWallet(
    ports,
    {
      ...common,
      wallet,
      threshold: 2,
      places: [stays(mine), stays(one), { kind: 'server', party: third }],
      passphrase: passphrase(),
    },
    watchReplacing.watch,
    never,
    nobody,
  )
  const signsReplaced = await signsAs(demo, replaced, ['server-3'], address)

  say('raising it to 3 of 5 ...')
  const watchRaising = watching()
  const raised = await reshareWallet(
    ports,
    {
      ...common,
      wallet: replaced,
      threshold: 3,
      places: [...replaced.seats.map(stays), { kind: 'server', party: fourth }, { kind: 'server', party: fifth }],
      passphrase: passphrase(),
    },
    watchRaising.watch,
    never,
    nobody,
  )
  const signsRaised = await signsAs(demo, raised, ['server-3', 'server-5'], address)

  say('asking server-1 once more, with the share of before, as a device that was restored from an old backup does ...')
  const shelf = new Map([[wallet.walletId, { record: wallet, shares: new Map([[0, oldShare]]) }]])
  const restored = { ...demo, ports: { ...ports, shares: memoryShareStore(shelf) } }
  const oldEpochRefused = await isRefusedForItsEpoch(restored, wallet, ['server-1'])
  const report = {
    reshared: raised.epochs?.place === 'member' && raised.threshold === 3 && raised.seats.length === 5,
    addressUnchanged: ethereumAddress(raised.publicKey) === address,
    oldEpochRefused,
    verified: signsReplaced && signsRaised,
    reshareMs: watchReplacing.computingMs(),
    raiseMs: watchRaising.computingMs(),
    address,
  }
  say(`resharing ${seconds(report.reshareMs)}, to 3 of 5 ${seconds(report.raiseMs)}, verified: ${report.verified}`)
  return report
}

/** Whether a message that these parties sign with us is the wallet's, as another library sees it. */
async function signsAs(demo: Demo, wallet: WalletRecord, names: readonly string[], address: string): Promise<boolean> {
  say(`signing a message with ${names.join(' and ')} ...`)
  const signature = (await sign(demo, wallet, names)) as `0x${string}`
  return (await recoverMessageAddress({ message, signature })) === address
}

const message = 'Paid by those who hold it now'

async function sign({ ports }: Demo, wallet: WalletRecord, names: readonly string[]): Promise<string> {
  const coSigners = wallet.seats.filter(({ serverParty }) => serverParty !== undefined && names.includes(serverParty))
  const content = { type: 'ethereum-message', message: new TextEncoder().encode(message) } as const
  const request = { wallet, content, coSigners, passphrase: passphrase() }
  return (await signContent(ports, request, () => undefined, never)).result
}

/** Whether who is asked says that the shares are of an epoch that is over. */
async function isRefusedForItsEpoch(demo: Demo, before: WalletRecord, names: readonly string[]): Promise<boolean> {
  try {
    await sign(demo, before, names)
    return false
  } catch (error) {
    if (!(error instanceof ProtocolAbort)) throw error
    say(`  ${error.message}`)
    return error.failure.kind === 'refused' ? error.failure.what === 'epoch' : error.message.includes('epoch')
  }
}
