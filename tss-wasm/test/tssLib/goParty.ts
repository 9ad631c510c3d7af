import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { holdersOf, membersOf } from '../../protocols/members.ts'
import { reshareTable } from '../../protocols/messages.ts'
import type { Party } from '../../protocols/protocol.ts'
import type { PartyId } from '../../partyId.ts'
import type { Round } from '../../round/mailbox.ts'
import { roundOfType } from '../roundOfType.ts'

/** Builds the party in main.go. @returns its path, or nothing where there is no Go or it cannot be built */
export function buildGoParty(): string | undefined {
  const program = join(mkdtempSync(join(tmpdir(), 'tss-lib-')), 'party')
  const built = spawnSync('go', ['build', '-o', program, '.'], { cwd: import.meta.dirname, stdio: 'ignore' })
  return built.status === 0 ? program : undefined
}

export interface GoJob {
  readonly table: readonly Round[]
  readonly partyKeys: ReadonlyMap<PartyId, bigint>
  /** The rest of main.go's `job`, as JSON text of its fields: numbers of any length go through untouched. */
  readonly fields: Readonly<Record<string, string>>
}

/** Line by line: what main.go prints when it is done. */
export interface GoResult {
  readonly Share?: unknown
  readonly Signature?: string
  /** The line itself; a share's integers survive only here. */
  readonly text: string
}

interface GoMessage {
  readonly From: number
  readonly To: readonly number[] | null
  readonly Broadcast: boolean
  readonly Body: string
}

/**
 * tss-lib as one of the parties of a simulation. Its mailbox is ours, which compares echoes for it; every message that
 * it sends has to be, byte for byte, what our codec makes of the same values.
 */
export async function runGoParty(program: string, me: Party, { table, partyKeys, fields }: GoJob): Promise<GoResult> {
  const members = membersOf(me, partyKeys)
  const job = { Keys: JSON.stringify(members.keys.map(String)), Index: String(members.position), ...fields }
  return converse(program, me, table, job, {
    positionOf: (id) => members.positionOf(id),
    isNew: () => false,
    speaks: () => true,
    listens: () => true,
    readers: () => me.peers,
  })
}

export interface GoReshareJob {
  readonly dealers: ReadonlyMap<PartyId, bigint>
  readonly receivers: ReadonlyMap<PartyId, bigint>
  readonly fields: Readonly<Record<string, string>>
}

/** The same for a member of either committee. */
export async function runGoReshare(
  program: string,
  me: Party,
  { dealers, receivers, fields }: GoReshareJob,
): Promise<GoResult> {
  const [old, fresh] = [holdersOf(dealers), holdersOf(receivers)]
  const isNew = (id: PartyId): boolean => receivers.has(id)
  const positionOf = (id: PartyId): number => (isNew(id) ? fresh : old).positionOf(id)
  const own = isNew(me.id) ? 'new' : 'old'
  const job = {
    Kind: '"reshare"',
    Keys: JSON.stringify(old.keys.map(String)),
    NewKeys: JSON.stringify(fresh.keys.map(String)),
    Index: String(positionOf(me.id)),
    IsNew: String(isNew(me.id)),
    ...fields,
  }
  return converse(program, me, reshareTable, job, {
    positionOf,
    isNew,
    speaks: ({ route }) => route?.from === own,
    listens: ({ route }) => route?.to === own || route?.to === 'both',
    // What is private in resharing is for new members.
    readers: () => fresh.ids.filter((id) => id !== me.id),
  })
}

/** Who is who in a run, as tss-lib counts. */
interface Places {
  positionOf(id: PartyId): number
  isNew(id: PartyId): boolean
  /** Whether this party does, in this round. */
  speaks(round: Round): boolean
  listens(round: Round): boolean
  /** Who reads what it says to each alone. */
  readers(round: Round): readonly PartyId[]
}

async function converse(
  program: string,
  me: Party,
  table: readonly Round[],
  job: Readonly<Record<string, string>>,
  places: Places,
): Promise<GoResult> {
  const process = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(process.stdout)[Symbol.asyncIterator]()
  const feed = (line: string): boolean => process.stdin.write(`${line}\n`)
  feed(
    `{${Object.entries(job)
      .map(([name, json]) => `"${name}":${json}`)
      .join()}}`,
  )
  try {
    const spoken = new Map<Round, GoMessage[]>(table.map((round) => [round, []]))
    for (const round of table) {
      const own = spoken.get(round) ?? []
      const count = !places.speaks(round) ? 0 : round.kind === 'broadcast' ? 1 : places.readers(round).length
      while (own.length < count) {
        const message = JSON.parse(await nextLine(lines)) as GoMessage
        spoken.get(nameOf(message))?.push(message)
      }
      for (const message of own) await speak(me, places, round, message)
      if (!places.listens(round)) continue
      for (const [peer, said] of await me.mail.collect(round)) {
        const Body = Buffer.from(round.codec.encode(said)).toString('base64')
        const [From, FromNew] = [places.positionOf(peer), places.isNew(peer)]
        feed(JSON.stringify({ From, FromNew, Broadcast: round.kind === 'broadcast', Body }))
      }
    }
    const text = await nextLine(lines)
    return { ...(JSON.parse(text) as Omit<GoResult, 'text'>), text }
  } finally {
    process.kill()
  }
}

async function nextLine(lines: AsyncIterator<string>): Promise<string> {
  const line = await lines.next()
  if (line.done === true) throw new Error('tss-lib gave up')
  return line.value
}

function nameOf({ Body }: GoMessage): Round {
  const url = /^..type\.googleapis\.com\/[\w.]*\.(\w+)/s.exec(Buffer.from(Body, 'base64').toString('latin1'))
  const round = roundOfType[url?.[1] ?? '']
  if (round === undefined) throw new Error('tss-lib said something unknown')
  return round
}

async function speak(me: Party, places: Places, round: Round, message: GoMessage): Promise<void> {
  const body = new Uint8Array(Buffer.from(message.Body, 'base64'))
  const said: unknown = round.codec.decode(body)
  assert.deepEqual(round.codec.encode(said), body, `${round.name} is written as Go writes it`)
  assert.equal(message.Broadcast, round.kind === 'broadcast')
  if (round.kind === 'broadcast') return me.mail.broadcast(round, said)
  for (const reader of places.readers(round).filter((id) => message.To?.includes(places.positionOf(id)) === true)) {
    await me.mail.sendTo(reader, round, said)
  }
}
