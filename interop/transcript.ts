import { createHash } from 'node:crypto'
import { z } from 'zod'
import { secured } from '../tss-wasm/identity/envelope.ts'
import type { Identity } from '../tss-wasm/identity/identity.ts'
import { decodeRoster, encodeRoster, type Roster, sameIdentity } from '../tss-wasm/identity/roster.ts'
import { sealPreParameters } from '../tss-wasm/keyShare/sealedPreParameters.ts'
import { describeSealed, sealWallet, unsealWallet } from '../tss-wasm/keyShare/seal.ts'
import { decodeWallet, encodeWallet } from '../tss-wasm/keyShare/wallet.ts'
import { type RandomSource, systemRandom } from '../tss-wasm/random.ts'
import { systemClock } from '../tss-wasm/round/clock.ts'
import type { Channel, Incoming, Outgoing } from '../tss-wasm/round/channel.ts'
import type { PartyId } from '../tss-wasm/partyId.ts'
import { localEngine } from '../tss-wasm/test/localEngine.ts'
import { sharedArithmetic } from '../tss-wasm/test/simulate.ts'
import { fixturePreParameters } from '../tss-wasm/test/protocols/fixtureShare.ts'
import type { Engine, NewWallet, Sign, Signatures } from '../tss-wasm/worker/api.ts'
import { createWallet, sign } from '../tss-wasm/worker/ceremony.ts'
import { readyPresignatures } from '../tss-wasm/worker/presignatures.ts'
import { type Holder, identityOf } from './holder.ts'

/**
 * Everything that our engine saw and said in a session with Go parties: enough to sit it there again without them. All
 * keys in it were made for the recording and are worth nothing. Bytes are base64, digests SHA-256 in hex.
 */
export const transcriptSchema = z.strictObject({
  name: z.string(),
  tssLib: z.string(),
  kind: z.enum(['keygen', 'sign']),
  me: z.int(),
  /** Of our randomness. */
  seed: z.string(),
  roster: z.string(),
  /** The private keys of every seat, so that what we say in private can be read. */
  keys: z.array(z.strictObject({ signingSeed: z.string(), encryptionKey: z.string() })),
  /** keygen: which fixture pre-parameters are ours. */
  prepared: z.int(),
  /** sign: our share, unsealed, and what is signed. */
  wallet: z.string(),
  message: z.string(),
  /** Envelopes, in the order in which they came. */
  incoming: z.array(z.string()),
  /** What each other seat hears from us, digest by digest. */
  said: z.record(z.string(), z.array(z.string())),
  /** Digests of our broadcasts' envelopes. */
  broadcasts: z.array(z.string()),
  /** Our signed confirmation: the key or signature, and the hash of all broadcasts. */
  confirmation: z.string(),
})
export type Transcript = z.infer<typeof transcriptSchema>

/** What our engine says when it hears what it heard then. */
export interface Replayed {
  readonly said: Transcript['said']
  readonly broadcasts: readonly string[]
  readonly confirmation: string
}

/** Sits our engine in the session once more. @throws ProtocolAbort if it does not accept what it hears */
export async function replay(transcript: Transcript): Promise<Replayed> {
  const { me, kind, seed, keys } = transcript
  const roster = decodeRoster(bytes(transcript.roster))
  const identities = await Promise.all(keys.map(identityOf))
  const identity = identities[seatPosition(roster, me)]
  if (identity === undefined) throw new Error('the transcript has our keys')
  const outgoing: Outgoing[] = []
  const channel = playedBack(transcript.incoming.map(bytes), outgoing)
  using engine = localEngine(repeatable(seed), systemClock)
  const seating = { me: me as PartyId, identity, roster, deadlineMs: 1000 }
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const sealing = { kind: 'key', key } as const
  let confirmation: Uint8Array
  if (kind === 'keygen') {
    const preParameters = await sealPreParameters(fixturePreParameters(transcript.prepared), key, systemRandom)
    const request = { ...seating, walletName: '', preParameters, preParametersKey: key, sealing }
    confirmation = (await engine.createWallet(request, channel, () => undefined)).confirmation
  } else {
    const sealedShare = await sealWallet(await decodeWallet(bytes(transcript.wallet)), sealing, systemRandom)
    const content = { type: 'ethereum-message', message: bytes(transcript.message) } as const
    confirmation = (await engine.sign({ ...seating, sealedShare, sealing, content }, channel, () => undefined))
      .confirmation
  }
  return { ...(await heard(outgoing, { roster, identities, me })), confirmation: base64(confirmation) }
}

function playedBack(incoming: readonly Uint8Array[], outgoing: Outgoing[]): Channel {
  let next = 0
  return {
    send(message) {
      outgoing.push(message)
      return Promise.resolve()
    },
    next() {
      const body = incoming[next]
      next += 1
      if (body === undefined) return new Promise(() => undefined)
      return Promise.resolve({ from: 0 as PartyId, to: 'everyone', round: '', body: body.slice() })
    },
  }
}

interface Readers {
  readonly roster: Roster
  /** In the order of the roster's seats. */
  readonly identities: readonly Identity[]
  /** Who spoke. */
  readonly me: number
}

/** What was said, as its readers open it: an encryption is never the same twice, what is encrypted is. */
async function heard(
  outgoing: readonly Outgoing[],
  { roster, identities, me }: Readers,
): Promise<Omit<Replayed, 'confirmation'>> {
  const said: Record<string, string[]> = {}
  for (const [position, { seat }] of roster.seats.entries()) {
    const identity = identities[position]
    const forThem = outgoing.filter(({ to }) => to === 'everyone' || to === seat)
    if (identity === undefined || (seat as number) === me) continue
    const bodies = forThem.map(({ body }) => body)
    const channel = secured(playedBack(bodies, []), { identity, roster, me: seat })
    const opened: Incoming[] = []
    while (opened.length < bodies.length) opened.push(await channel.next())
    said[String(seat)] = opened.map(({ round, body }) => `${round} ${digest(body)}`).sort()
  }
  const broadcasts = outgoing.filter(({ to }) => to === 'everyone').map(({ body }) => digest(body))
  return { said, broadcasts }
}

export interface Recording {
  readonly name: string
  readonly tssLib: string
  readonly seed: string
  readonly prepared: number
  /** Everybody who takes part. */
  readonly holders: readonly Holder[]
  readonly done: (transcript: Transcript) => void
}

/** Our engine in this process, whose every job is written down. */
export function recordingEngine(recording: Recording): Engine {
  const { done, holders, ...head } = recording
  const random = repeatable(recording.seed)
  // Sealed as in the app, where the share is to be opened again; a test's engine would leave out the stretching.
  const tools = { arithmetic: sharedArithmetic, random, clock: systemClock }
  return {
    ...localEngine(random, systemClock),
    async checkShare(sealedShare, sealing) {
      await unsealWallet(sealedShare, sealing)
      const { seat, ...summary } = describeSealed(sealedShare)
      return { ...summary, seat: seat as PartyId }
    },
    async createWallet(request, channel, progress) {
      const around = recorded(channel)
      const made: NewWallet = await createWallet(request, around.channel, progress, tools)
      done({
        ...(await around.transcript(request.roster, request.me)),
        kind: 'keygen',
        wallet: '',
        message: '',
        ...after(made),
      })
      return made
    },
    async sign(request, channel, progress) {
      const around = recorded(channel)
      const wallet = base64(await walletIn(request))
      if (request.content.type !== 'ethereum-message') throw new Error('only messages are recorded')
      const message = base64(request.content.message)
      const made: Signatures = await sign(request, around.channel, progress, { ...tools, ready: readyPresignatures() })
      done({ ...(await around.transcript(request.roster, request.me)), kind: 'sign', wallet, message, ...after(made) })
      return made
    },
  }

  function after({ confirmation }: { readonly confirmation: Uint8Array }) {
    return { confirmation: base64(confirmation) }
  }

  function recorded(channel: Channel) {
    const incoming: string[] = []
    const outgoing: Outgoing[] = []
    return {
      channel: {
        send(message: Outgoing) {
          outgoing.push(message)
          return channel.send(message)
        },
        async next() {
          const message = await channel.next()
          incoming.push(base64(message.body))
          return message
        },
      },
      async transcript(roster: Roster, me: PartyId) {
        const seated = roster.seats.map(({ identity }) =>
          holders.find((holder) => sameIdentity(holder.identity.public, identity)),
        )
        const present = seated.filter((holder) => holder !== undefined)
        const [keys, identities] = [present.map((holder) => holder.keys), present.map((holder) => holder.identity)]
        const { said, broadcasts } = await heard(outgoing, { roster, identities, me })
        return { ...head, keys, me, roster: base64(encodeRoster(roster)), incoming, said, broadcasts: [...broadcasts] }
      },
    }
  }
}

async function walletIn({ sealedShare, sealing }: Sign): Promise<Uint8Array> {
  const copy = sealing.kind === 'passphrase' ? { ...sealing, passphrase: sealing.passphrase.slice() } : sealing
  return encodeWallet(await unsealWallet(sealedShare, copy))
}

function seatPosition(roster: Roster, me: number): number {
  return roster.seats.findIndex(({ seat }) => (seat as number) === me)
}

/** The same bytes for the same seed, always. */
function repeatable(seed: string): RandomSource {
  let counter = 0
  return (length) => {
    const blocks: Buffer[] = []
    while (blocks.length * 32 < length) {
      blocks.push(createHash('sha256').update(`${seed} / ${counter}`).digest())
      counter += 1
    }
    return new Uint8Array(Buffer.concat(blocks).subarray(0, length))
  }
}

function digest(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex')
}

function base64(body: Uint8Array): string {
  return Buffer.from(body).toString('base64')
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'base64'))
}
