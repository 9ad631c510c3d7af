import type { Outlook } from '../../../chain/evm/outlook.ts'
import type { NamedToken } from '../../state/chain.ts'
import { etherDecimals, formatGrouped } from '../sign/amounts.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { eachSays } from './NodeWords.tsx'

interface BalanceProps {
  readonly outlook: Outlook | undefined
  readonly isToken: boolean
  readonly token: NamedToken | undefined
  readonly unit: string
}

/** What the address has of what is sent, and who says so. */
export function Balance({ outlook, isToken, token, unit }: BalanceProps) {
  const { send, app } = useTexts()
  const decimals = isToken ? token?.decimals : etherDecimals
  const word = isToken ? outlook?.tokens : outlook?.coins
  const text = () => {
    if (outlook === undefined || word === undefined) return send.asking
    if (word.type === 'unknown' || decimals === undefined) return send.balanceUnknown
    const shown = (amount: bigint) => `${formatGrouped(amount, decimals)} ${unit}`
    return word.type === 'said'
      ? send.balance(shown(word.value), app.and(word.by))
      : send.balances(eachSays(word.said, shown, send))
  }
  return (
    <p className="text-sm break-words text-muted" data-testid="balance">
      {text()}
    </p>
  )
}
