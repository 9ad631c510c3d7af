import type { CallOptions } from '@connectrpc/connect'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js'
import { uint32 } from '../../tss-wasm/bytes.ts'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { Channel, Incoming } from '../../tss-wasm/round/channel.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type {
  GetPendingMessagesResponse,
  SendMessageRequest,
  SubscribeMessagesResponse,
} from '../../proto/gen/router_pb.js'
import type { Persistence } from '../connection/persistence.ts'
import type { SessionWatch } from './sessionWatch.ts'

/** The calls of the router, with our token. */
export interface RouterCalls {
  send(message: Omit<SendMessageRequest, '$typeName'>, options: CallOptions): Promise<unknown>
  subscribe(after: bigint, options: CallOptions): AsyncIterable<SubscribeMessagesResponse>
  pending(after: bigint, options: CallOptions): Promise<Pick<GetPendingMessagesResponse, 'messages' | 'ended'>>
}

export interface ListeningChannel extends Channel {
  /** Opens the way in before anything is asked of it, so that the first message does not wait for that. */
  listen(): void
}

const longestEnvelope = 1024 * 1024
const everyone = 0

/**
 * The router as a channel of opaque bodies. A body that could not be delivered is sent again under the same id; what
 * comes in is read from where we stopped. Who sent a message is only the router's word here: `secured` above checks it.
 * When the session fails, `next` still gives out what the router holds for us, then throws that failure.
 */
export function openChannel(
  router: RouterCalls,
  { sessionId, me }: { readonly sessionId: string; readonly me: PartyId },
  persistently: Persistence,
  { ended, drained }: Pick<SessionWatch, 'ended' | 'drained'>,
): ListeningChannel {
  const arriving = receive(router, me, persistently, { ended, drained })
  let ahead: Promise<IteratorResult<Incoming, undefined>> | undefined
  return {
    listen() {
      ahead ??= arriving.next()
      ahead.catch(() => undefined) // told to whoever asks for the message
    },
    async send({ to, body }) {
      const seat = to === 'everyone' ? everyone : to
      // The same message has the same id, and every envelope differs by its sequence number: a retry cannot double it.
      const messageId = bytesToHex(sha256(concatBytes(uint32(seat), body)))
      await persistently.call(
        (options) => router.send({ sessionId, to: seat, messageId, envelope: body }, options),
        ended,
      )
    },
    async next() {
      const { done, value } = await (ahead ?? arriving.next())
      ahead = undefined
      // The generator ends by a throw; after that it is exhausted.
      if (done === true) throw asReason(ended)
      return value
    },
  }
}

async function* receive(
  router: RouterCalls,
  me: PartyId,
  persistently: Persistence,
  { ended, drained }: Pick<SessionWatch, 'ended' | 'drained'>,
): AsyncGenerator<Incoming, undefined> {
  let cursor = 0n
  for await (const message of persistently.stream((options) => router.subscribe(cursor, options), ended, {
    onEnd: drained,
    instead: {
      kind: 'messages',
      async ask(options) {
        const { messages, ended: isOver } = await router.pending(cursor, options)
        return { news: messages, isOver }
      },
    },
  })) {
    // Heartbeats have cursor 0; what we have seen is not delivered twice.
    if (message.cursor <= cursor) continue
    const { from, to, envelope } = message
    if ((to !== everyone && to !== (me as number)) || from === (me as number) || envelope.length > longestEnvelope) {
      throw new ProtocolAbort({ kind: 'disconnected', detail: 'the coordinator delivers what it may not deliver' })
    }
    cursor = message.cursor
    // The round is inside the envelope, for the parties only.
    yield { from: from as PartyId, to: to === everyone ? 'everyone' : me, round: '', body: envelope }
  }
  return undefined
}

function asReason(ended: AbortSignal): Error {
  const reason: unknown = ended.reason
  return reason instanceof Error ? reason : new ProtocolAbort({ kind: 'disconnected', detail: 'the session has ended' })
}
