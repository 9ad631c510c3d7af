import { useEffect } from 'react'
import type { MemberRules } from '../../jobs/rules.ts'
import type { WalletRecord, WalletSeat } from '../../platform/shareStore.ts'
import { useRules } from '../../state/rules.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Card } from '../design/Card.tsx'
import { Notice } from '../design/Notice.tsx'
import { useTexts } from '../texts/useTexts.tsx'

/** What those who decide without a person agree to, in their own word. Nothing where nobody decides so. */
export function RulesCard({ wallet }: { readonly wallet: WalletRecord }) {
  const { policy: texts } = useTexts()
  const commands = useCommands()
  const known = useRules((state) => state[wallet.walletId]) ?? none
  useEffect(() => {
    void commands.loadRules(wallet)
  }, [commands, wallet])
  const deciding = wallet.seats.filter(
    ({ seat, serverParty }) =>
      seat !== wallet.mySeat && (serverParty !== undefined || known.some((rules) => rules.seat === seat)),
  )
  if (deciding.length === 0) return null
  return (
    <Card title={texts.title}>
      <p className="text-muted">{texts.lead}</p>
      <div className="mt-4 grid gap-5">
        {deciding.map((member) => (
          <Rules key={member.seat} member={member} rules={known.find(({ seat }) => seat === member.seat)} />
        ))}
      </div>
    </Card>
  )
}

const none: readonly MemberRules[] = []

function Rules({ member, rules }: { readonly member: WalletSeat; readonly rules: MemberRules | undefined }) {
  const { policy: texts } = useTexts()
  return (
    <section className="grid gap-2" data-testid={`rules-${member.seat}`}>
      <h3 className="font-medium wrap-anywhere">{member.label}</h3>
      {rules === undefined && <p className="text-sm text-muted">{texts.untold}</p>}
      {rules?.state === 'refused' && (
        <Notice tone="bad" title={texts.notItsWord(member.label)}>
          <p>{texts.notItsWordText}</p>
          <p className="font-mono text-sm">{rules.reason}</p>
        </Notice>
      )}
      {rules?.state === 'stale' && (
        <Notice tone="warn">{texts.stale(member.label, new Date(rules.rules.madeMs))}</Notice>
      )}
      {rules !== undefined && rules.state !== 'refused' && (
        <>
          <ul className="grid list-disc gap-1 pl-5">
            {texts.explain(rules.rules.policy).map((sentence) => (
              <li key={sentence} className="wrap-anywhere">
                {sentence}
              </li>
            ))}
          </ul>
          <p className="text-sm text-muted">{texts.toldAt(new Date(rules.rules.madeMs))}</p>
        </>
      )}
    </section>
  )
}
