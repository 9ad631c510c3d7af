import { useEffect, useMemo, useState } from 'react'
import type { SigningOrder } from '../../../tss-wasm/content/signing.ts'
import { fingerprint } from '../../../tss-wasm/identity/identity.ts'
import { type Foretold as Foretelling, foretell } from '../../../tss-wasm/policy/foretell.ts'
import type { MemberRules } from '../../jobs/rules.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { useRules } from '../../state/rules.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Notice } from '../design/Notice.tsx'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/useTexts.tsx'

interface ForetoldProps {
  readonly wallet: WalletRecord
  readonly order: SigningOrder
  /** Who is going to be asked. */
  readonly seats: readonly number[]
}

/** Who of those that are asked will refuse, by the rules that they have told, before anybody is asked. */
export function Foretold({ wallet, order, seats }: ForetoldProps) {
  const commands = useCommands()
  const known = useRules((state) => state[wallet.walletId])
  useEffect(() => {
    void commands.loadRules(wallet)
  }, [commands, wallet])
  const mine = wallet.seats.find(({ seat }) => seat === wallet.mySeat)
  const by = mine === undefined ? '' : fingerprint(mine)
  const asked = known?.filter(({ seat }) => seats.includes(seat)) ?? []
  return asked.map((rules) => {
    const name = wallet.seats.find(({ seat }) => seat === rules.seat)?.label ?? ''
    return <ForetoldOne key={rules.seat} name={name} rules={rules} order={order} by={by} />
  })
}

interface ForetoldOneProps {
  readonly name: string
  readonly rules: MemberRules
  readonly order: SigningOrder
  /** Fingerprint of whoever asks: us. */
  readonly by: string
}

function ForetoldOne({ name, rules, order, by }: ForetoldOneProps) {
  const { policy: texts } = useTexts()
  const [nowMs] = useState(Date.now)
  const foretold = useMemo(
    () => (rules.state === 'refused' ? undefined : foretell(rules.rules, { order, by }, nowMs)),
    [rules, order, by, nowMs],
  )
  if (rules.state === 'refused') return <Notice tone="bad" title={texts.notItsWord(name)} />
  if (foretold === undefined || foretold.type === 'signs') return null
  const said = foretoldText(foretold, name, texts)
  return (
    <div data-testid="foretold">
      <Notice tone="warn" role="status" title={said}>
        {rules.state === 'stale' && <p>{texts.stale(name, new Date(rules.rules.madeMs))}</p>}
      </Notice>
    </div>
  )
}

function foretoldText(
  foretold: Exclude<Foretelling, { readonly type: 'signs' }>,
  name: string,
  texts: Texts['policy'],
): string {
  switch (foretold.type) {
    case 'refuses':
      return texts.willRefuse(name, texts.broken(foretold.rule))
    case 'waits':
      return texts.willWait(name, texts.broken(foretold.rule))
    case 'unsure':
      return texts.mayRefuse(name)
  }
}
