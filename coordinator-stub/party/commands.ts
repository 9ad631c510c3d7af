import { z } from 'zod'
import { assembleOrder } from '../../tss-wasm/content/signing.ts'
import { ContentRefused } from '../../tss-wasm/content/refused.ts'
import { failureIn, ProtocolAbort } from '../../tss-wasm/failure.ts'
import { shortText } from '../../tss-wasm/requests/request.ts'
import type { Signer } from '../signer/methods.ts'
import { RpcError } from '../signer/rpcError.ts'
import { contentFromJson } from './contentJson.ts'
import type { PartyFolder } from './folder.ts'
import type { OperatorRequests } from './operatorRequests.ts'
import type { PartyRequests } from './requests.ts'
import { signedIn } from './signer.ts'

/** What `npm run cli` says that it is called with, and hears that it speaks to. */
export interface PartyStatus {
  readonly name: string
  /** Where it reaches the coordinator, by gRPC. */
  readonly coordinator: string
  readonly version: string
}

export interface CommandPorts {
  readonly status: PartyStatus
  readonly folder: Pick<PartyFolder, 'wallet'>
  readonly requests: Pick<PartyRequests, 'ask'>
  readonly operator: OperatorRequests
}

const requestId = z.string().regex(/^[0-9a-f]{32}$/)
const signing = z.strictObject({
  wallet: z.string().regex(/^[0-9a-f]{32}$/),
  content: z.unknown(),
  note: shortText.default(''),
})

/**
 * What whoever runs the party can have it do while it runs, as JSON-RPC: `npm run cli` calls it. Requests are answered and made
 * in the party's name, within its policy.
 */
export function partyCommands({ status, folder, requests, operator }: CommandPorts): Signer {
  const methods: Readonly<Record<string, (given: unknown, signal: AbortSignal) => Promise<unknown>>> = {
    quorate_status: () => Promise.resolve(status),
    quorate_requests: () => operator.list(),
    quorate_approve: (given) => operator.approve(requestId.parse(given)),
    async quorate_reject(given) {
      const { id, reason } = z.strictObject({ id: requestId, reason: shortText }).parse(given)
      return operator.reject(id, reason)
    },
    async quorate_sign(given, signal) {
      const { wallet: walletId, content: json, note } = signing.parse(given)
      const content = contentFromJson(json)
      const wallet = await folder.wallet(walletId)
      if (wallet?.state !== 'active') throw new RpcError('unauthorized', `this party signs for no wallet ${walletId}`)
      const ended = await requests.ask(wallet, { content, note }, signal, true)
      const { signatures } = signedIn(ended)
      const { result, transactionHash, psbt } = assembleOrder({ publicKey: wallet.publicKey, content }, signatures)
      return {
        ...{ result, signers: ended.state.signed?.signers },
        ...(transactionHash !== undefined && { transaction_hash: transactionHash }),
        ...(psbt !== undefined && { psbt: Buffer.from(psbt).toString('base64') }),
      }
    },
  }
  return {
    async answer({ method, passedOn: [given] }, _, signal) {
      const known = Object.hasOwn(methods, method) ? methods[method] : undefined
      if (known === undefined) throw new RpcError('unknownMethod', `there is no command ${method.slice(0, 60)}`)
      try {
        return await known(given, signal)
      } catch (error) {
        throw told(error, signal)
      }
    },
  }
}

function told(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues
    return new RpcError('wrongParameters', `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim())
  }
  if (error instanceof ContentRefused) return new RpcError('wrongParameters', error.message)
  if (error instanceof RangeError) return new RpcError('wrongParameters', error.message)
  if (!(error instanceof ProtocolAbort)) return error
  if (signal.aborted) return new RpcError('stillWaiting', 'nobody waits any more: the request is withdrawn')
  const failure = failureIn(error)
  if (failure.kind === 'refused' && failure.what === 'policy')
    return new RpcError('rejected', `the policy of this party does not allow it: ${failure.detail}`)
  if (failure.kind === 'disconnected') return new RpcError('node', 'the coordinator cannot be reached')
  return new RpcError('node', error.message)
}
