import { join } from 'node:path'
import { bytesToHex } from '@noble/hashes/utils.js'
import { secretFromFile } from '../../files/dataFolder.ts'
import { ethereumNode } from '../../chain/http/ethereumNode.ts'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import { ethereumAddress } from '../../tss-wasm/content/ethereum.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import type { Log } from '../process/log.ts'
import { createSigner } from '../signer/methods.ts'
import type { Signed, SignerPorts } from '../signer/ports.ts'
import { RpcError } from '../signer/rpcError.ts'
import { type ServedSigner, serveSigner } from '../signer/serve.ts'
import type { PartyFolder } from './folder.ts'
import type { EndedRequest, PartyRequests } from './requests.ts'
import type { PartySettings } from './settings.ts'
import type { PartyWallet } from './wallet.ts'

const nodeWithinMs = 15_000
/** The logs of many blocks fit. */
const longestAnswer = 4 * 1024 * 1024

/** Offers this party's wallets to programs and pages of its machine, until it is disposed of (docs/INTEGRATE.md). */
export async function startSigner(
  folder: PartyFolder,
  { port, origins, nodes, chainId, waitMs }: NonNullable<PartySettings['signer']>,
  { requests, log }: { readonly requests: Pick<PartyRequests, 'ask'>; readonly log: Log },
): Promise<ServedSigner> {
  const key = bytesToHex(await secretFromFile(join(folder.path, 'signer.key'), () => systemRandom(32)))
  const listed = rememberWallets(folder)
  const ports: SignerPorts = {
    ...{ nodes, ask: ethereumNode(fetch, nodeWithinMs, longestAnswer), chainId, waitMs, random: systemRandom, log },
    wallets: listed,
    async sign({ publicKey, content }, note, signal) {
      const wallet = (await listed()).find((each) => sameBytes(each.publicKey, publicKey))
      if (wallet === undefined) throw new Error('the order is of no listed wallet')
      try {
        return signedIn(await requests.ask(wallet, { content, note }, signal))
      } catch (error) {
        if (signal.aborted)
          throw new RpcError('stillWaiting', 'not enough members have approved in time: the request is withdrawn')
        throw error
      }
    },
  }
  return serveSigner(createSigner(ports), { origins, key }, { ...ports, hasWebSockets: true }, port)
}

/** Of the wallets that are there now; they are read again only once one of them has changed. */
function rememberWallets(folder: PartyFolder): () => Promise<readonly (PartyWallet & { readonly address: string })[]> {
  let version = -1
  let known: readonly (PartyWallet & { readonly address: string })[] = []
  return async () => {
    const latest = await folder.walletsVersion()
    if (latest !== version) {
      const wallets = (await folder.activeWallets()).toSorted((a, b) => (a.madeAtMs ?? 0) - (b.madeAtMs ?? 0))
      known = wallets.map((wallet) => ({ ...wallet, address: ethereumAddress(wallet.publicKey) }))
      version = latest
    }
    return known
  }
}

/** @throws RpcError for every end but a signature, saying who ended it */
export function signedIn({ state, opened, box }: EndedRequest): Signed {
  const { signed, stage, members } = state
  if (signed !== undefined) {
    const sent = (transaction: string) => box.say(opened, { type: 'sent', transaction })
    return { signatures: signed.signatures, sent }
  }
  const no = members.flatMap(({ seat, answer, by, reason }) => (answer === 'rejected' ? [{ seat, by, reason }] : []))
  if (stage === 'rejected') {
    const by = no.map(({ seat, by = 'person' }) => `member ${seat} (${by})`).join(', ')
    throw new RpcError('rejected', `rejected by ${by}`, { rejected: no })
  }
  throw new RpcError('rejected', `the request is ${stage}`)
}
