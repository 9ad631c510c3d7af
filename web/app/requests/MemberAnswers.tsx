import type { MemberAnswer } from '../../../tss-wasm/requests/state.ts'
import { isLive } from '../../../tss-wasm/requests/isLive.ts'
import type { WaitingRequest } from '../../state/waitingRequests.ts'
import { Card } from '../design/Card.tsx'
import { DeviceIcon, PersonIcon, ServerIcon } from '../design/icons.tsx'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { memberName } from './answers.ts'

const looks: Readonly<Record<MemberAnswer['answer'], string>> = {
  approved: 'text-good',
  rejected: 'text-bad',
  none: 'text-muted',
}

/** What every member has answered, when, and why: the same for all of them. */
export function MemberAnswers({ request }: { readonly request: WaitingRequest }) {
  const texts = useTexts()
  const { wallet, state } = request
  return (
    <Card title={texts.waiting.members}>
      <table className="w-full text-left" data-testid="answers">
        <thead className="sr-only">
          <tr>
            <th scope="col">{texts.waiting.member}</th>
            <th scope="col">{texts.waiting.answer}</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {state.members.map((member) => {
            const seat = wallet.seats.find((each) => each.seat === (member.seat as number))
            const isMine = wallet.mySeat === (member.seat as number)
            const Icon = isMine ? DeviceIcon : seat?.serverParty === undefined ? PersonIcon : ServerIcon
            return (
              <tr key={member.seat} data-testid={`answer-${member.seat}`} data-answer={member.answer}>
                <th scope="row" className="py-2.5 pr-3 align-top font-medium">
                  <span className="flex items-start gap-2.5">
                    <Icon className="mt-0.5 size-5 shrink-0 text-muted" />
                    <span className="wrap-anywhere">{memberName(wallet, member.seat, texts)}</span>
                  </span>
                </th>
                <td className="w-3/5 py-2.5 align-top">
                  <p className={`font-medium ${looks[member.answer]}`}>{answerText(member, request, texts)}</p>
                  {member.answer !== 'none' && member.atMs !== undefined && (
                    <p className="text-sm text-muted">
                      <time dateTime={new Date(member.atMs).toISOString()}>
                        {texts.waiting.at(new Date(member.atMs))}
                      </time>
                    </p>
                  )}
                  {member.reason !== undefined && member.reason !== '' && (
                    <p className="wrap-anywhere">{texts.waiting.because(member.reason)}</p>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Card>
  )
}

function answerText({ seat, answer, by, seenAtMs }: MemberAnswer, request: WaitingRequest, texts: Texts): string {
  const { answers } = texts.waiting
  const { from, createdMs } = request.opened.request
  switch (answer) {
    case 'approved':
      return seat === from ? answers.asked : answers.approved
    case 'rejected':
      return by === undefined || by === 'person' ? answers.rejected : answers[by]
    case 'none':
      if (!isLive(request.state)) return answers.silent
      return seenAtMs === undefined ? answers.waiting(new Date(createdMs)) : answers.seen(new Date(seenAtMs))
  }
}
