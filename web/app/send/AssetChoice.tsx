import { tokensOf } from '../../../tss-wasm/content/tokens.ts'
import { useChain, type NamedToken } from '../../state/chain.ts'
import { Field, verbatim } from '../design/Field.tsx'
import { coinOf } from '../sign/chains.ts'
import { useTexts } from '../texts/useTexts.tsx'
import type { SendDraft } from './sendForm.ts'

interface AssetChoiceProps {
  readonly draft: SendDraft
  readonly chainId: bigint
  /** The one that is chosen, where somebody can name it. */
  readonly token: NamedToken | undefined
  readonly error: string | undefined
  readonly onChange: (change: Partial<SendDraft>) => void
}

/** The network's coin, tokens that whoever runs the app lists, those that the app knows, or any other by its contract. */
export function AssetChoice({ draft, chainId, token, error, onChange }: AssetChoiceProps) {
  const texts = useTexts()
  const { send } = texts
  const listed = useChain((state) => state.tokens).filter((each) => each.chainId === chainId)
  const known = tokensOf(chainId)
  const offered = [...known, ...listed.filter((each) => !known.some(({ address }) => address === each.address))]
  const isOther = draft.asset === 'other'
  return (
    <>
      <Field label={send.asset}>
        {(control) => (
          <select
            {...control}
            value={draft.asset}
            onChange={({ target }) => {
              onChange({ asset: target.value, contract: '', amount: '', own: {} })
            }}
          >
            <option value="">{send.coin(coinOf(chainId, texts))}</option>
            {offered.map(({ address, symbol }) => (
              <option key={address} value={address}>
                {symbol}
              </option>
            ))}
            <option value="other">{send.otherToken}</option>
          </select>
        )}
      </Field>
      {isOther && (
        <div className="sm:col-span-2">
          <Field label={send.contract} hint={toldOf(token)} error={error}>
            {({ className, ...control }) => (
              <input
                {...control}
                className={`${className} font-mono`}
                {...verbatim}
                value={draft.contract}
                onChange={({ target }) => {
                  onChange({ contract: target.value, own: {} })
                }}
              />
            )}
          </Field>
        </div>
      )}
    </>
  )

  function toldOf(named: NamedToken | undefined): string | undefined {
    if (named === undefined) return undefined
    const { symbol, decimals, by } = named
    return typeof by === 'string' ? symbol : send.told(symbol, decimals.toString(), by.host)
  }
}
