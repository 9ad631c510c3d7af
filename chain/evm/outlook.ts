import { agreed, greatest, orTrouble, same, type Said, type Troubled, type Word } from './agreement.ts'
import { balanceCall, decimalsCall, decimalsIn, numberIn, symbolCall, symbolIn, transferCall } from './erc20.ts'
import { feesOf, type FeesBySpeed, speeds } from './fees.ts'
import { hostOf, introduced, type AskRpc, type ListedNode, NodeTrouble, type Question } from './node.ts'
import { reasonOf, type FailureReason } from './revert.ts'
import { bytes, feeHistory, historyBlocks, percentiles, quantity } from './words.ts'
import { bytesToHex } from '@noble/hashes/utils.js'

/** A payment as far as it is known while somebody makes it. */
export interface Intent {
  readonly chainId: bigint
  /** Address that pays, with checksum. */
  readonly from: string
  /** Contract of the token that is paid; undefined is the network's coin. */
  readonly token: string | undefined
  /** Whom and how much, in the smallest unit; undefined while that is not said. */
  readonly payment: { readonly to: string; readonly amount: bigint } | undefined
}

/** What a token says of itself. */
export interface TokenWords {
  readonly symbol: string
  readonly decimals: number
}

/** How a call ends that is only tried. */
export type Trial = { readonly ends: 'well' } | { readonly ends: 'fails'; readonly reason: FailureReason }

/** What the nodes of one network say; a suggestion in every part. */
export interface Outlook {
  /** Of the address, in wei. */
  readonly coins: Word<bigint>
  /** Of the token, in its smallest unit. */
  readonly tokens: Word<bigint>
  readonly token: Word<TokenWords>
  /** How many transactions the address has sent, those that wait included. */
  readonly nonce: Word<bigint>
  readonly fees: Word<FeesBySpeed>
  /** Whether the recipient is a contract. */
  readonly isContract: Word<boolean>
  /** Gas that the payment takes, by estimate, without anything to spare. */
  readonly gas: Word<bigint>
  readonly trial: Word<Trial>
  readonly troubles: readonly Troubled[]
}

/** What one node says; what it does not say is undefined. */
type View = {
  readonly [K in keyof Omit<Outlook, 'troubles'>]: Outlook[K] extends Word<infer T> ? T | undefined : never
}

/** Asks all nodes of the network at once. No trouble of a node is an error: it stands among the troubles, by its host. */
export async function outlookOf(ask: AskRpc, nodes: readonly ListedNode[], intent: Intent): Promise<Outlook> {
  const asked = nodes.filter(({ chainId }) => chainId === intent.chainId)
  const troubles: Troubled[] = []
  const views = await Promise.all(
    asked.map(async (node) => {
      const host = hostOf(node)
      const note = (trouble: Troubled['trouble']) => {
        if (!troubles.some((known) => known.host === host && known.trouble.kind === trouble.kind))
          troubles.push({ host, trouble })
      }
      const opened = await orTrouble(introduced(ask, node))
      if ('trouble' in opened) {
        note(opened.trouble)
        return undefined
      }
      return { host, view: await viewOf(opened.value, intent, note) }
    }),
  )
  const heard = views.flatMap((view) => view ?? [])
  const said = <K extends keyof View>(key: K): Said<NonNullable<View[K]>>[] =>
    heard.flatMap(({ host, view }) => {
      const value = view[key]
      return value === undefined ? [] : [{ host, value: value as NonNullable<View[K]> }]
    })
  return {
    coins: agreed(said('coins'), same()),
    tokens: agreed(said('tokens'), same()),
    token: agreed(
      said('token'),
      same((one, other) => one.symbol === other.symbol && one.decimals === other.decimals),
    ),
    nonce: agreed(said('nonce'), same()),
    fees: agreed(said('fees'), likeFees),
    isContract: agreed(said('isContract'), same()),
    gas: agreed(said('gas'), greatest(2n)),
    trial: agreed(
      said('trial'),
      same((one, other) => one.ends === other.ends),
    ),
    troubles,
  }
}

type Note = (trouble: Troubled['trouble']) => void

async function viewOf(question: Question, intent: Intent, note: Note): Promise<View> {
  const { from, token, payment } = intent
  const noted = async <T>(answer: Promise<T>): Promise<T | undefined> => {
    const end = await orTrouble(answer)
    if ('value' in end) return end.value
    note(end.trouble)
    return undefined
  }
  const call = async <T>(data: string, read: (result: Uint8Array) => T | undefined): Promise<T> => {
    const value = read(await question('eth_call', [{ to: token, data }, 'latest'], bytes))
    if (value === undefined) throw new NodeTrouble({ kind: 'unreadable', method: 'eth_call' })
    return value
  }
  const history = [`0x${historyBlocks.toString(16)}`, 'latest', [...percentiles]]
  const [coins, nonce, fees, tokens, words, isContract, tried] = await Promise.all([
    noted(question('eth_getBalance', [from, 'latest'], quantity)),
    noted(question('eth_getTransactionCount', [from, 'pending'], quantity)),
    noted(question('eth_feeHistory', history, feeHistory).then(feesOf)),
    token === undefined ? undefined : noted(call(balanceCall(from), numberIn)),
    token === undefined ? undefined : noted(tokenWords(call)),
    payment && noted(question('eth_getCode', [payment.to, 'latest'], bytes).then((code) => code.length > 0)),
    payment && tryOut(question, callOf(intent, payment), noted),
  ])
  return { coins, tokens, token: words, nonce, fees, isContract, gas: tried?.gas, trial: tried?.trial }
}

async function tokenWords(
  call: <T>(data: string, read: (result: Uint8Array) => T | undefined) => Promise<T>,
): Promise<TokenWords> {
  const [symbol, decimals] = await Promise.all([call(symbolCall, symbolIn), call(decimalsCall, decimalsIn)])
  return { symbol, decimals }
}

interface Call {
  readonly from: string
  readonly to: string
  readonly value: string
  readonly data: string
}

function callOf({ from, token }: Intent, { to, amount }: NonNullable<Intent['payment']>): Call {
  if (token === undefined) return { from, to, value: `0x${amount.toString(16)}`, data: '0x' }
  return { from, to: token, value: '0x0', data: `0x${bytesToHex(transferCall(to, amount))}` }
}

type Noted = <T>(answer: Promise<T>) => Promise<T | undefined>

/** What the call gives back counts too: a token may say `false` instead of failing. */
async function tryOut(question: Question, call: Call, noted: Noted): Promise<Pick<View, 'gas' | 'trial'>> {
  const isToken = call.data !== '0x'
  const trial = async (): Promise<Trial> => {
    try {
      const result = await question('eth_call', [call, 'latest'], bytes)
      const saysNo = isToken && result.length > 0 && numberIn(result) === 0n
      return saysNo ? { ends: 'fails', reason: { kind: 'none' } } : { ends: 'well' }
    } catch (error) {
      if (!(error instanceof NodeTrouble) || error.trouble.kind !== 'refused') throw error
      return { ends: 'fails', reason: reasonOf(error.trouble.data, error.trouble.words) }
    }
  }
  const tried = await noted(trial())
  if (tried?.ends !== 'well') return { gas: undefined, trial: tried }
  return { gas: await noted(question('eth_estimateGas', [call], quantity)), trial: tried }
}

/** Prices move with every block: those that are within twice of each other agree, and the first node's are taken. */
function likeFees(values: readonly FeesBySpeed[]): FeesBySpeed | undefined {
  const areLike = speeds.every((speed) => greatest(2n)(values.map((fees) => fees[speed].maxFeePerGas)) !== undefined)
  return areLike ? values[0] : undefined
}
