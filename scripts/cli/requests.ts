import type { ToldRequest } from '../../coordinator-stub/party/operatorRequests.ts'
import { command, dataFolder } from './party.ts'
import { summaryOf } from './summary.ts'
import { type Answer, type Call, Failed, WrongCall } from './table.ts'
import { oneLine } from './words.ts'

export async function requests(call: Call): Promise<Answer> {
  const all = await listRequests(call)
  const listed = call.isOn('all') ? all : all.filter(isLive)
  return {
    json: { requests: listed.map(withSummary) },
    text: listed.map(inWords).join('\n\n') || 'Nothing is asked for.',
  }
}

export async function approve(call: Call): Promise<Answer> {
  const request = await requestNamed(call)
  const told = (await command(dataFolder(call), 'quorate_approve', request.id)) as ToldRequest
  return { json: withSummary(told), text: inWords(told) }
}

export async function reject(call: Call): Promise<Answer> {
  const { id } = await requestNamed(call)
  const reason = call.option('reason') ?? ''
  const told = (await command(dataFolder(call), 'quorate_reject', { id, reason })) as ToldRequest
  return { json: withSummary(told), text: inWords(told) }
}

const isLive = ({ stage }: ToldRequest) => stage === 'open' || stage === 'ready'

async function listRequests(call: Call): Promise<readonly ToldRequest[]> {
  return (await command(dataFolder(call), 'quorate_requests')) as readonly ToldRequest[]
}

const withSummary = (request: ToldRequest) => ({ ...request, summary: summaryOf(request) })

/** By the whole id, or by so much of it that it is one. */
async function requestNamed(call: Call): Promise<ToldRequest> {
  const [typed = ''] = call.arguments
  const [found, ...others] = (await listRequests(call)).filter(({ id }) => id.startsWith(typed.toLowerCase()))
  if (found === undefined) throw new Failed(`nobody asks for "${typed}"; "quorate requests" lists what is asked for`)
  if (others.length > 0) throw new WrongCall(`several requests begin with "${typed}"`)
  return found
}

function inWords(request: ToldRequest): string {
  const { id, wallet, stage, note, from, needed, expires, answer, waits, members, result } = request
  const others = members
    .filter(({ answer: said }) => said !== 'none')
    .map(({ seat, answer: said }) => `${seat} ${said}`)
  return [
    `${id}  ${stage}${stage === 'open' ? `, ${needed} more to approve` : ''}`,
    `  ${summaryOf(request)}`,
    `  wallet ${wallet}, asked by member ${from}${note === '' ? '' : `: ${oneLine(note)}`}`,
    `  this party: ${answer === 'none' ? 'no answer yet' : answer}${waits === undefined ? '' : ` (${waits})`}; until ${expires}`,
    ...(others.length === 0 ? [] : [`  members: ${others.join(', ')}`]),
    ...(result === undefined ? [] : [`  ${result}`]),
  ].join('\n')
}
