import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { z } from '../../tss-wasm/zod.ts'
import { quantity } from './words.ts'

/** What a node answers. Words of an error are a stranger's, of bounded length; `data` is what a call that fails gives back. */
export type RpcAnswer =
  | { readonly type: 'result'; readonly value: unknown }
  | { readonly type: 'error'; readonly message: string; readonly data?: string }

/** One call of JSON-RPC 2.0, bounded in time and length. @throws ProtocolAbort `disconnected`: no answer that can be read */
export type AskRpc = (url: string, method: string, params: readonly unknown[]) => Promise<RpcAnswer>

/** A node that whoever runs the app has listed. */
export interface ListedNode {
  readonly chainId: bigint
  readonly url: string
}

/** Why nothing is known from a node. */
export type Trouble =
  /** It did not answer in time, or nothing that is JSON-RPC. */
  | { readonly kind: 'silent' }
  /** It is of another chain than it is listed for; nothing else was asked. */
  | { readonly kind: 'other-chain'; readonly chainId: bigint }
  /** Its answer is none to the question. */
  | { readonly kind: 'unreadable'; readonly method: string }
  /** It answers with an error, in its own words; `data` as above. */
  | { readonly kind: 'refused'; readonly method: string; readonly words: string; readonly data?: string }

export class NodeTrouble extends Error {
  readonly trouble: Trouble
  constructor(trouble: Trouble) {
    super(trouble.kind)
    this.trouble = trouble
  }
}

/** Asks one node one thing and decodes the answer. @throws NodeTrouble */
export type Question = <T extends z.ZodType>(method: string, params: readonly unknown[], form: T) => Promise<z.infer<T>>

/** How to ask a node, once it has said that it is of the chain that it is listed for. @throws NodeTrouble */
export async function introduced(ask: AskRpc, { url, chainId }: ListedNode): Promise<Question> {
  const question: Question = async (method, params, form) => {
    const answer = await answered(ask(url, method, params))
    if (answer.type === 'error') {
      const { message: words, data } = answer
      throw new NodeTrouble({ kind: 'refused', method, words, ...(data !== undefined && { data }) })
    }
    const read = form.safeParse(answer.value)
    if (!read.success) throw new NodeTrouble({ kind: 'unreadable', method })
    return read.data
  }
  const said = await question('eth_chainId', [], quantity)
  if (said !== chainId) throw new NodeTrouble({ kind: 'other-chain', chainId: said })
  return question
}

async function answered(asked: Promise<RpcAnswer>): Promise<RpcAnswer> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof ProtocolAbort) throw new NodeTrouble({ kind: 'silent' })
    throw error
  }
}

/** What people call a node: the host of its address, whose path may hold a key. */
export function hostOf({ url }: Pick<ListedNode, 'url'>): string {
  return new URL(url).host
}
