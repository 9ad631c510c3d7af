import { Transaction } from 'micro-eth-signer'
import { useMemo } from 'react'
import type { Sent } from '../../../chain/evm/fate.ts'
import type { SigningContent } from '../../../tss-wasm/content/content.ts'
import { decodeTransaction } from '../../../tss-wasm/content/transaction.ts'
import { useChain } from '../../state/chain.ts'
import { Fate } from '../sign/Fate.tsx'

interface HistoryFateProps {
  readonly content: SigningContent
  /** The signed transaction, in hex. */
  readonly raw: string
  readonly hash: string
}

/** What has become of a transaction that was once signed here, whoever sent it; nothing where no node of its network is listed. */
export function HistoryFate({ content, raw, hash }: HistoryFateProps) {
  const nodes = useChain((state) => state.nodes)
  const sent = useMemo(() => sentOf(content, raw, hash), [content, raw, hash])
  return sent !== undefined && nodes.some(({ chainId }) => chainId === sent.chainId) ? <Fate sent={sent} /> : null
}

function sentOf(content: SigningContent, raw: string, hash: string): Sent | undefined {
  if (content.type !== 'ethereum-transaction') return undefined
  const { chainId, nonce } = decodeTransaction(content.unsigned)
  return { chainId, nonce, hash, from: Transaction.fromHex(raw).recoverSender().address }
}
