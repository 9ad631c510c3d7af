import { useState } from 'react'
import { cancelling, spedUp } from '../../../chain/evm/replacement.ts'
import { ethereumAddress } from '../../../tss-wasm/content/ethereum.ts'
import { keyAt } from '../../../tss-wasm/content/keys.ts'
import type { SigningOrder } from '../../../tss-wasm/content/signing.ts'
import { decodeTransaction, encodeTransaction } from '../../../tss-wasm/content/transaction.ts'
import { ProtocolAbort } from '../../../tss-wasm/failure.ts'
import { useSignAgain } from '../../state/signAgain.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { hrefs } from '../route.ts'
import { useTexts } from '../texts/useTexts.tsx'

interface ReplacingProps {
  readonly walletId: string
  /** What waits, and the transaction that it is. */
  readonly order: SigningOrder
  readonly unsigned: Uint8Array
  /** Its hash, by which what takes its place names it. */
  readonly hash: string
}

/** A payment that waits: the same for a higher fee, or nothing in its place. Either is reviewed and signed as any other. */
export function Replacing({ walletId, order, unsigned, hash }: ReplacingProps) {
  const { send } = useTexts()
  const commands = useCommands()
  const [isAsking, setAsking] = useState(false)
  const replace = async (how: 'faster' | 'cancel') => {
    setAsking(true)
    const waiting = decodeTransaction(unsigned)
    const from = ethereumAddress(keyAt(order.publicKey, order.path ?? []).publicKey)
    const intent = { chainId: waiting.chainId, from, token: undefined, payment: undefined }
    const outlook = await commands.outlook(intent).catch((error: unknown) => {
      if (error instanceof ProtocolAbort) return undefined
      throw error
    })
    const fees = outlook?.fees.type === 'said' ? outlook.fees.value.fast : undefined
    const next = how === 'faster' ? spedUp(waiting, fees) : cancelling(waiting, from, fees)
    const content = { type: 'ethereum-transaction', unsigned: encodeTransaction(next) } as const
    useSignAgain.setState({ order: { ...order, content }, replaces: hash })
    commands.dismiss()
    location.hash = hrefs.sign(walletId)
  }
  return (
    <div className="flex flex-wrap gap-3">
      <Button disabled={isAsking} onClick={() => void replace('faster')}>
        {send.faster}
      </Button>
      <Button disabled={isAsking} onClick={() => void replace('cancel')}>
        {send.cancel}
      </Button>
    </div>
  )
}
