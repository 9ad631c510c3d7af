import { bytesToHex } from '@noble/hashes/utils.js'
import { isList, isObject, type JsonObject, type JsonValue } from '../../tss-wasm/content/json.ts'
import { readInteger } from '../../tss-wasm/content/jsonValues.ts'
import { isRecord } from '../../tss-wasm/isRecord.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import { RpcError } from './rpcError.ts'

/** Several transactions that a page asks for at once (EIP-5792): one after the other, each by itself. */
export interface Batch {
  readonly from: JsonValue | undefined
  readonly chainId: bigint
  readonly calls: readonly JsonObject[]
  readonly id: string | undefined
}

const mostCalls = 20
const mostBatches = 200
const longestId = 256

/** @throws RpcError; ContentRefused */
export function readBatch(given: JsonValue | undefined): Batch {
  if (!isObject(given)) throw new RpcError('wrongParameters', 'wallet_sendCalls takes an object')
  if (given.get('atomicRequired') === true)
    throw new RpcError('notAtomic', 'the transactions are sent one by one: they cannot be bound together')
  const capabilities = given.get('capabilities')
  if (isObject(capabilities)) {
    const [needed] = [...capabilities].find(([, value]) => !isObject(value) || value.get('optional') !== true) ?? []
    if (needed !== undefined)
      throw new RpcError('unsupportedCapability', `the signer does not have ${needed.slice(0, 60)}`)
  }
  const calls = given.get('calls')
  if (!isList(calls) || calls.length === 0 || calls.length > mostCalls || !calls.every(isObject))
    throw new RpcError('wrongParameters', `wallet_sendCalls takes 1 to ${mostCalls} calls`)
  const id = given.get('id')
  if (id !== undefined && (typeof id !== 'string' || id.length > longestId))
    throw new RpcError('wrongParameters', `an id is a text of at most ${longestId} characters`)
  return { from: given.get('from'), chainId: readInteger(given.get('chainId'), 'chainId'), calls, id }
}

interface Underway {
  readonly chainId: bigint
  readonly hashes: string[]
  state: 'asked' | 'sent' | 'failed' | 'partly'
}

export interface Batches {
  /** Resolves once the first is sent: then there is something to ask about. */
  run(caller: string, batch: Batch, one: (call: JsonObject) => Promise<string>): Promise<string>
  status(
    caller: string,
    id: JsonValue | undefined,
    receipt: (transactionHash: string) => Promise<unknown>,
  ): Promise<unknown>
}

/** The codes of EIP-5792. */
const codes = { asked: 100, confirmed: 200, failed: 400, reverted: 500, partly: 600 } as const

export function createBatches(random: RandomSource): Batches {
  const known = new Map<string, Underway>()
  return {
    async run(caller, { calls, chainId, id = bytesToHex(random(32)) }, one) {
      const name = `${caller} ${id}`
      if (known.has(name)) throw new RpcError('wrongParameters', 'there is a batch of this id already')
      if (known.size >= mostBatches) known.delete([...known.keys()][0] ?? '')
      const batch: Underway = { chainId, hashes: [], state: 'asked' }
      known.set(name, batch)
      const first = Promise.withResolvers<undefined>()
      void (async () => {
        for (const call of calls) {
          batch.hashes.push(await one(call))
          first.resolve(undefined)
        }
        batch.state = 'sent'
      })().catch((error: unknown) => {
        batch.state = batch.hashes.length === 0 ? 'failed' : 'partly'
        first.reject(error)
      })
      await first.promise
      return id
    },
    async status(caller, id, receipt) {
      const batch = typeof id === 'string' ? known.get(`${caller} ${id}`) : undefined
      if (batch === undefined) throw new RpcError('unknownBatch', 'there is no batch of this id')
      const receipts = await Promise.all(batch.hashes.map(receipt))
      const mined = receipts.filter(isRecord)
      const common = { version: '2.0.0', chainId: `0x${batch.chainId.toString(16)}`, id, atomic: false }
      return { ...common, status: codeOf(batch, mined), receipts: mined.map(ofInterest) }
    },
  }
}

function codeOf({ state, hashes }: Underway, mined: readonly Record<string, unknown>[]): number {
  if (state === 'failed') return codes.failed
  if (state === 'asked' || mined.length < hashes.length) return codes.asked
  const well = mined.filter(({ status }) => status === '0x1').length
  if (state === 'partly' || (well > 0 && well < mined.length)) return codes.partly
  return well === mined.length ? codes.confirmed : codes.reverted
}

function ofInterest({ logs, status, blockHash, blockNumber, gasUsed, transactionHash }: Record<string, unknown>) {
  return { logs, status, blockHash, blockNumber, gasUsed, transactionHash }
}
