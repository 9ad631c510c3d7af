import { useEffect, useState, type ReactNode } from 'react'
import type { Fate as FateOnNetwork, FateWord, Sent } from '../../../chain/evm/fate.ts'
import { ethereumAddress } from '../../../tss-wasm/content/ethereum.ts'
import { keyAt } from '../../../tss-wasm/content/keys.ts'
import type { SigningOrder } from '../../../tss-wasm/content/signing.ts'
import { decodeTransaction } from '../../../tss-wasm/content/transaction.ts'
import { ProtocolAbort } from '../../../tss-wasm/failure.ts'
import { useChain } from '../../state/chain.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Notice } from '../design/Notice.tsx'
import { inGroups } from './amounts.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/useTexts.tsx'

const betweenMs = 4000
/** From here on hardly any network takes a block back. */
const settled = 12n

/** A transaction to be looked for, once it is signed. Undefined where it is none, or no node of its network is listed. */
export function useSent(order: SigningOrder | undefined, hash: string | undefined): Sent | undefined {
  const nodes = useChain((state) => state.nodes)
  if (order?.content.type !== 'ethereum-transaction' || hash === undefined) return undefined
  const { chainId, nonce } = decodeTransaction(order.content.unsigned)
  if (!nodes.some((node) => node.chainId === chainId)) return undefined
  return { chainId, hash, nonce, from: ethereumAddress(keyAt(order.publicKey, order.path ?? []).publicKey) }
}

interface FateProps {
  readonly sent: Sent
  /** What can be done while it waits. */
  readonly children?: ReactNode
}

/** What has become of it, asked again and again until that is certain. */
export function Fate({ sent, children }: FateProps) {
  const texts = useTexts()
  const { app, send } = texts
  const commands = useCommands()
  const [word, setWord] = useState<FateWord>()
  const { chainId, hash, nonce, from } = sent
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let isHere = true
    const ask = async () => {
      const next = await commands.fate({ chainId, hash, nonce, from }).catch((error: unknown) => {
        if (error instanceof ProtocolAbort) return undefined
        throw error
      })
      if (!isHere) return
      if (next !== undefined) setWord(next)
      if (!isCertain(next?.fate)) timer = setTimeout(() => void ask(), betweenMs)
    }
    void ask()
    return () => {
      isHere = false
      clearTimeout(timer)
    }
  }, [commands, chainId, hash, nonce, from])
  const fate = word?.fate
  return (
    <div data-testid="fate" data-fate={fate?.type}>
      <Notice tone={toneOf(fate)} role="status" title={send.fate}>
        <p>
          {word === undefined ? app.loading : fateText(fate, texts)}{' '}
          {word?.by !== undefined && <span className="text-sm text-muted">({send.says(word.by)})</span>}
        </p>
        {fate?.type === 'pending' && children}
      </Notice>
    </div>
  )
}

function isCertain(fate: FateOnNetwork | undefined): boolean {
  return fate?.type === 'replaced' || (fate?.type === 'mined' && fate.confirmations >= settled)
}

function toneOf(fate: FateOnNetwork | undefined): 'info' | 'good' | 'warn' | 'bad' {
  if (fate?.type === 'mined') return fate.went === 'well' ? 'good' : 'bad'
  return fate === undefined || fate.type === 'pending' ? 'info' : 'warn'
}

function fateText(fate: FateOnNetwork | undefined, { send: { fates } }: Texts): string {
  if (fate === undefined) return fates.unknown
  return fate.type === 'mined' ? fates[fate.went](inGroups(fate.confirmations)) : fates[fate.type]
}
