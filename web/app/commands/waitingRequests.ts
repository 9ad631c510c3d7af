import { failureIn, type Outcome, ProtocolAbort } from '../../../tss-wasm/failure.ts'
import type { SessionPreview } from '../../../participant/session/sessionPreview.ts'
import type { Mailroom, WaitingRequest } from '../../jobs/mailroom.ts'
import type * as waitingJob from '../../jobs/waitingRequest.ts'
import { act, takeRead, useWaitingRequests } from '../../state/waitingRequests.ts'
import type { CommandPorts, Commands } from './commands.ts'
import { loaded, loadedFor } from './loaded.ts'
import { outcomeOf, reportBug } from './outcome.ts'

type Waiting = Pick<
  Commands,
  'ask' | 'approveWaiting' | 'rejectWaiting' | 'withdraw' | 'tellSeen' | 'tellSent' | 'letGo' | 'stopWaiting'
>

/** Our mailboxes, for whoever watches. */
export interface Post {
  /** Reads them until `signal` aborts. @throws ProtocolAbort */
  readonly watch: (signal: AbortSignal) => Promise<void>
  /** A seat is kept for us in a session that signs a request. */
  readonly offered: (seen: SessionPreview, requestHash: Uint8Array) => void
  /** Says that of what has expired since. */
  readonly lookAtClock: () => void
}

export interface Afterwards {
  /** All of a wallet's, once something of one has changed. */
  readonly changed: (requests: readonly WaitingRequest[]) => void
}

/** Requests that wait at the coordinator: what we ask, what others ask, and our part in signing them. */
export function waitingRequests(
  ports: CommandPorts,
  { changed }: Afterwards,
): { readonly commands: Waiting; readonly post: Post } {
  let room: Promise<Mailroom> | undefined
  let here: Mailroom | undefined
  const mailroom = async (): Promise<Mailroom> => {
    room ??= loaded(import('../../jobs/mailroom.ts'), 'requests').then(
      ({ createMailroom }) => (here = createMailroom(ports)),
    )
    try {
      return await room
    } catch (error) {
      room = undefined
      throw error
    }
  }
  const standing = new Map<string, AbortController>()
  const toldSeen = new Set<string>()

  function take(requests: readonly WaitingRequest[]): void {
    takeRead(requests)
    changed(requests)
  }

  function known(mail: Mailroom, name: string): WaitingRequest {
    const read = mail.known(name)
    if (read === undefined) throw new Error('a request that is answered has been read')
    return read
  }

  async function stand(
    mail: Mailroom,
    { read, share: opened }: waitingJob.Approved,
    signal: AbortSignal,
  ): Promise<void> {
    using share = opened
    const { name } = read
    const { signWhenReady } = await loaded(import('../../jobs/signRequest.ts'), 'signing')
    let failure = {}
    await signWhenReady(
      ports,
      mail,
      { read, share },
      {
        watch(event) {
          if (event.type !== 'progress' || event.progress.type !== 'stage') return
          const { name: stage, index, of } = event.progress
          act(name, { phase: 'signing', stage: { name: stage, index, of } })
        },
        onPhase(phase) {
          act(name, { phase, ...failure })
        },
        onFailure(why) {
          failure = { failure: why }
        },
      },
      signal,
    )
  }

  /** From the first step to the end, in the state that screens show. */
  async function acting(
    name: string,
    begin: (mail: Mailroom, signal: AbortSignal) => Promise<waitingJob.Approved>,
  ): Promise<void> {
    const cancelling = new AbortController()
    standing.get(name)?.abort()
    standing.set(name, cancelling)
    const isOurs = () => standing.get(name) === cancelling
    act(name, { phase: 'opening' })
    try {
      const mail = await mailroom()
      const approved = await begin(mail, cancelling.signal)
      take([approved.read])
      await stand(mail, approved, cancelling.signal)
      take([known(mail, name)])
      if (isOurs()) act(name, undefined)
    } catch (error) {
      reportBug(error)
      const failure = failureIn(error)
      if (isOurs()) act(name, failure.kind === 'cancelled' ? undefined : { phase: 'failed', failure })
    } finally {
      if (isOurs()) standing.delete(name)
    }
  }

  /** Says something of a request, and shows what has become of it. */
  async function saying(
    name: string,
    say: (mail: Mailroom, request: WaitingRequest, job: typeof waitingJob) => Promise<void>,
  ): Promise<Outcome<undefined>> {
    return outcomeOf(
      (async () => {
        const mail = await mailroom()
        const job = await loaded(import('../../jobs/waitingRequest.ts'), 'requests')
        await say(mail, known(mail, name), job)
        take([known(mail, name)])
        return undefined
      })(),
    )
  }

  const cancelled = () => new ProtocolAbort({ kind: 'cancelled' })
  const commands: Waiting = {
    async ask(asking, unlocking) {
      const never = new AbortController().signal
      const asked = await outcomeOf(
        loadedFor(unlocking, Promise.all([import('../../jobs/waitingRequest.ts'), mailroom()]), 'requests').then(
          ([{ askMembers }, mail]) => askMembers(ports, mail, asking, unlocking, never),
        ),
      )
      if (!asked.ok) return asked
      const { name } = asked.value.read
      void acting(name, () => Promise.resolve(asked.value))
      return { ok: true, value: name }
    },
    async approveWaiting(name, unlocking) {
      await acting(name, async (mail, signal) => {
        const { approveRequest } = await loadedFor(unlocking, import('../../jobs/waitingRequest.ts'), 'requests')
        return approveRequest(ports, mail, known(mail, name), unlocking, signal)
      })
    },
    async rejectWaiting(name, reason) {
      standing.get(name)?.abort(cancelled())
      return saying(name, (mail, request, job) => job.rejectRequest(mail, request, reason))
    },
    async withdraw(name) {
      standing.get(name)?.abort(cancelled())
      return saying(name, (mail, request, job) => job.withdrawRequest(mail, request))
    },
    async tellSeen(name) {
      if (toldSeen.has(name) || here?.known(name) === undefined) return
      toldSeen.add(name)
      await saying(name, (mail, request, job) => job.tellSeen(ports, mail, request))
    },
    async tellSent(name, transaction) {
      await saying(name, (mail, request, job) => job.tellSent(mail, request, transaction))
    },
    letGo() {
      const { acting: all } = useWaitingRequests.getState()
      for (const [name, cancelling] of standing) if (all[name]?.phase !== 'signing') cancelling.abort(cancelled())
    },
    stopWaiting(name) {
      standing.get(name)?.abort(cancelled())
    },
  }
  const post: Post = {
    async watch(signal) {
      const mail = await mailroom()
      let listed = 0
      const count = () => {
        const read = Object.keys(useWaitingRequests.getState().byName).length
        useWaitingRequests.setState({ unread: Math.max(0, listed - read) })
      }
      await mail.watch(
        {
          onRead(requests) {
            take(requests)
            count()
          },
          onListed(now) {
            listed = now
            count()
          },
        },
        signal,
      )
    },
    offered(seen, hash) {
      void mailroom().then((mail) => {
        mail.offered(seen, hash)
      }, reportBug)
    },
    lookAtClock() {
      if (here !== undefined) take(here.expired())
    },
  }
  return { commands, post }
}
