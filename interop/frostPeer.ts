import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { encodeScalar, type Element } from '../tss-wasm/groups/group.ts'
import { concatBytes } from '../tss-wasm/integers/bytes.ts'
import { from, membersOf } from '../tss-wasm/protocols/members.ts'
import type { Party } from '../tss-wasm/protocols/protocol.ts'
import type { PartyId } from '../tss-wasm/partyId.ts'
import { frostRounds, keygenRounds } from '../tss-wasm/schemes/messages.ts'
import type { FrostSuite } from '../tss-wasm/schemes/suite.ts'
import type { Built } from './goParty.ts'

/** The first build on a machine downloads and compiles some seventy crates. */
const buildMs = 300_000

const target = join(import.meta.dirname, 'build', 'frost')
const program = join(target, 'debug', 'quorate-frost-peer')

/** What an earlier build has left, whose processor time `npm test` does not spend. */
export function builtFrostPeer(): Built {
  if (existsSync(program)) return { program, reason: '' }
  return {
    program: undefined,
    reason: 'the Rust party is not built: `npm run interop` and `npm run test:deep` build it',
  }
}

/** Builds frost/. */
export function buildFrostPeer(): Built {
  const usual = join(homedir(), '.cargo', 'bin', 'cargo')
  const cargo = existsSync(usual) ? usual : 'cargo'
  const built = spawnSync(cargo, ['build', '--locked', '--quiet', '--target-dir', target], {
    cwd: join(import.meta.dirname, 'frost'),
    encoding: 'utf8',
    timeout: buildMs,
  })
  if (built.status === 0) return { program, reason: '' }
  if (built.error !== undefined && 'code' in built.error && built.error.code === 'ENOENT')
    return { program: undefined, reason: 'Rust is not installed' }
  const said = (built.stderr || String(built.error)).trim().split('\n').slice(0, 2).join(' ')
  return { program: undefined, reason: `the Rust party cannot be built: ${said}` }
}

/** One party by the crates, in a process of its own. */
export interface FrostPeer extends AsyncDisposable {
  /** @throws Error with what the crate says */
  do(command: string, what?: object): Promise<unknown>
}

export function startFrostPeer(program: string, scheme: string): FrostPeer {
  const child = spawn(program, [scheme], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      resolve()
    })
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    async do(command, what = {}) {
      child.stdin.write(`${JSON.stringify({ do: command, ...what })}\n`)
      const next = await lines.next()
      if (next.done === true) throw new Error('the Rust party has ended')
      const { ok, error } = JSON.parse(next.value) as { readonly ok?: unknown; readonly error?: string }
      if (error !== undefined) throw new Error(error)
      return ok
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await ended
    },
  }
}

type Seated = Pick<Party, 'id' | 'peers' | 'mail'>

/** `groupKeygen` as the crates have it, in our rounds. @returns its group key; of Taproot tweaked already (SCHEMES 5.1) */
export async function frostPeerKeygen<P extends Element<P>>(
  { id: me, peers, mail }: Seated,
  peer: FrostPeer,
  { suite, threshold, partyKeys }: PeerKeygen<P>,
): Promise<Uint8Array> {
  const rounds = keygenRounds[suite.scheme]
  const identifier = namesOf(suite, partyKeys)
  const n = peers.length + 1
  const dealt = (await peer.do('deal', { id: identifier(me), t: threshold, n })) as Dealt
  const own = { proof: hexToBytes(dealt.proof), commitments: dealt.commitments.map(hexToBytes) }
  await mail.broadcast(rounds.dealing, own)
  const said = await mail.collect(rounds.dealing)
  const dealings = [...said].map(([id, { proof, commitments }]): [string, Dealt] => [
    identifier(id),
    { proof: bytesToHex(proof), commitments: commitments.map((each) => bytesToHex(each)) },
  ])
  const shares = (await peer.do('share', { dealings: Object.fromEntries(dealings) })) as Texts
  for (const id of peers) await mail.sendTo(id, rounds.share, hexToBytes(shares[identifier(id)] ?? ''))
  const sent = [...(await mail.collect(rounds.share))].map(([id, share]): [string, string] => [
    identifier(id),
    bytesToHex(share),
  ])
  const { groupKey } = (await peer.do('finish', { shares: Object.fromEntries(sent) })) as { readonly groupKey: string }
  return hexToBytes(groupKey)
}

/** `frostSign`, likewise. @returns the signature as the crates put it together */
export async function frostPeerSign<P extends Element<P>>(
  me: Seated,
  peer: FrostPeer,
  { suite, signers, message }: PeerSign<P>,
): Promise<Uint8Array> {
  const rounds = frostRounds[suite.scheme]
  const { elementLength } = suite.group
  const { ids } = membersOf(me, signers)
  const identifier = namesOf(suite, signers)
  const own = (await peer.do('commit')) as Commitments
  const bytes = concatBytes(hexToBytes(own.hiding), hexToBytes(own.binding))
  await me.mail.broadcast(rounds.nonces, bytes)
  const nonces = new Map([...(await me.mail.collect(rounds.nonces)), [me.id, bytes] as const])
  const commitments = ids.map((id): [string, Commitments] => {
    const both = from(nonces, id)
    const [hiding, binding] = [both.slice(0, elementLength), both.slice(elementLength)]
    return [identifier(id), { hiding: bytesToHex(hiding), binding: bytesToHex(binding) }]
  })
  const asked = { message: bytesToHex(message), commitments: Object.fromEntries(commitments) }
  const share = hexToBytes((await peer.do('sign', asked)) as string)
  await me.mail.broadcast(rounds.share, share)
  const shares = new Map([...(await me.mail.collect(rounds.share)), [me.id, share] as const])
  const named = ids.map((id): [string, string] => [identifier(id), bytesToHex(from(shares, id))])
  return hexToBytes((await peer.do('aggregate', { shares: Object.fromEntries<string>(named) })) as string)
}

interface PeerKeygen<P extends Element<P>> {
  readonly suite: FrostSuite<P>
  readonly threshold: number
  readonly partyKeys: ReadonlyMap<PartyId, bigint>
}

interface PeerSign<P extends Element<P>> {
  readonly suite: FrostSuite<P>
  readonly signers: ReadonlyMap<PartyId, bigint>
  readonly message: Uint8Array
}

interface Dealt {
  readonly commitments: readonly string[]
  readonly proof: string
}

interface Commitments {
  readonly hiding: string
  readonly binding: string
}

type Texts = Readonly<Record<string, string>>

function namesOf<P extends Element<P>>({ group }: FrostSuite<P>, keys: ReadonlyMap<PartyId, bigint>) {
  return (id: PartyId): string => bytesToHex(encodeScalar(group, from(keys, id)))
}
