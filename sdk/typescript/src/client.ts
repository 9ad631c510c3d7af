import { EventSourceParserStream } from 'eventsource-parser/stream'
import { bytesToHex } from '@noble/hashes/utils.js'
import createClient, { type Client as RestClient } from 'openapi-fetch'
import { systemRandom } from '../../../tss-wasm/random.ts'
import { Refused, SessionEnded, Unreachable } from './errors.ts'
import type { components, paths } from './generated.ts'
import { checkKey, checkShare, type Content, sealedOrder, type User } from './user.ts'

type Schemas = components['schemas']
export type Account = Schemas['Account']
export type AuditEntry = Schemas['AuditEntry']
export type Reshare = Schemas['Reshare']
export type OrderedSession = Schemas['OrderedSession']
export type Session = Schemas['Session']
export type Signature = Schemas['Signature']

export interface Config {
  readonly baseUrl: string
  /** One of the coordinator's API_KEYS. It is sent in a header and stands in no error. */
  readonly apiKey: string
  /** Of a call, 30 s unless said otherwise; calls in which the coordinator computes have five minutes. */
  readonly timeoutMs?: number
  /** What calls go out by; the platform's own if it is not said. */
  readonly fetch?: typeof fetch
}

/** What `createWallet` makes. */
export interface NewWallet {
  readonly user: User
  /** Names of the server parties, as the coordinator has them. */
  readonly servers: readonly string[]
  readonly threshold: number
  readonly name: string
  /** Keeps the share's file, durably, before it resolves: only then the wallet is confirmed. */
  readonly store: (file: string) => Promise<void>
}

/** What `recover` makes. */
export interface Recovery {
  readonly account: Pick<Account, 'account_id' | 'public_key'>
  /** With a key that is there: the new share is encrypted to it. */
  readonly user: User
  /** From a member of the wallet, such as a server party that its operator started with --recover. */
  readonly invitation: string
  /** Keeps the new share's file, durably, before it resolves: only then the old shares are given up. */
  readonly store: (file: string) => Promise<void>
}

/** What `sign` signs, and with whom. */
export interface Signing {
  /** As it is now: what is signed names the epoch of its shares. */
  readonly account: Pick<Account, 'account_id' | 'public_key' | 'epoch'>
  readonly user: User
  readonly servers: readonly string[]
  readonly content: Content
  /** The file that `store` was given. */
  readonly share: string
}

const ceremonyMs = 300_000
/** Between the tries of a call that is safe to repeat. */
const pausesMs = [200, 1000]
/** The coordinator is heard every ten seconds. */
const silenceMs = 30_000

/** Calls one coordinator, from a back-end or from the user's own program. */
export class Client {
  readonly #rest: RestClient<paths>
  readonly #config: Required<Config>

  constructor(config: Config) {
    this.#config = { timeoutMs: 30_000, fetch: (...call) => fetch(...call), ...config }
    const { baseUrl, apiKey, fetch: send } = this.#config
    this.#rest = createClient<paths>({
      baseUrl,
      headers: { 'X-API-Key': apiKey, 'Content-Type': 'application/json' },
      fetch: (request: Request) => send(request),
    })
  }

  /**
   * Makes a wallet of one user and server parties, by the user-share calls.
   * @throws NotVouched when somebody in between has put in a key of his own; the wallet is not confirmed then
   */
  async createWallet({ user, servers, threshold, name, store }: NewWallet): Promise<Account> {
    const participants = [
      { party_id: user.name, type: 'user' as const },
      ...servers.map((party_id) => ({ party_id, type: 'server' as const })),
    ]
    const ordered = await this.orderKeygen(participants, threshold)
    const session_id = ordered.session_id
    const join_token = ordered.join_tokens[user.name] ?? ''
    const asked = { session_id, join_token, recipient: user.key.recipient, wallet_name: name }
    const share = await this.#once(ceremonyMs, (signal) =>
      this.#rest.POST('/api/v1/keygen/generate-user-share', { body: asked, signal }),
    )
    await checkShare(share, user)
    ;(await user.key.open(share.user_share, share.public_key)).fill(0)
    await store(share.user_share)
    const { confirmation } = share
    await this.#once(this.#config.timeoutMs, (signal) =>
      this.#rest.POST('/api/v1/keygen/confirm-user-share', { body: { session_id, join_token, confirmation }, signal }),
    )
    await this.completed(session_id)
    return this.createAccount(session_id, name)
  }

  /**
   * Makes a new share for a user who has lost the old one; the wallet's key and addresses stay.
   * @returns the account with its new epoch, which `sign` needs
   * @throws NotVouched, BadShare: nothing is confirmed then, and the old shares sign; SessionEnded
   */
  async recover({ account, user, invitation, store }: Recovery): Promise<Account> {
    const params = { path: { id: account.account_id } }
    const asked = { invitation, recipient: user.key.recipient }
    const share = await this.#once(ceremonyMs, (signal) =>
      this.#rest.POST('/api/v1/accounts/{id}/recover', { params, body: asked, signal }),
    )
    await checkShare(share, user)
    ;(await user.key.open(share.user_share, account.public_key)).fill(0)
    await store(share.user_share)
    const { confirmation } = share
    await this.#once(this.#config.timeoutMs, (signal) =>
      this.#rest.POST('/api/v1/accounts/{id}/confirm-recovery', { params, body: { invitation, confirmation }, signal }),
    )
    await this.committed(share.session_id)
    return this.account(account.account_id)
  }

  /** Signs this content, and nothing else, with the user's share and server parties. @throws BadShare, NotVouched */
  async sign({ account, user, servers, content, share }: Signing): Promise<Signature> {
    const { public_key: publicKey, epoch } = account
    const plain = await user.key.open(share, publicKey)
    try {
      const ordered = await this.orderSignature(account.account_id, content, [user.name, ...servers])
      const key = await this.#once(this.#config.timeoutMs, (signal) =>
        this.#rest.POST('/api/v1/sign/user-share-key', { signal }),
      )
      await checkKey(key, user)
      const sessionId = ordered.session_id
      const body = {
        session_id: sessionId,
        join_token: ordered.join_tokens[user.name] ?? '',
        key_id: key.key_id,
        user_share: await sealedOrder(plain, { sessionId, publicKey, epoch, content }, key),
        content,
      }
      const signed = await this.#once(ceremonyMs, (signal) =>
        this.#rest.POST('/api/v1/sign/with-user-share', { body, signal }),
      )
      return signed.signature
    } finally {
      plain.fill(0)
    }
  }

  /** The first participant opens the session. */
  orderKeygen(participants: Schemas['OrderedParticipant'][], threshold: number): Promise<OrderedSession> {
    const body = { threshold_n: participants.length, threshold_t: threshold, participants, life_seconds: 600 }
    const params = idempotent()
    return this.#repeated((signal) => this.#rest.POST('/api/v1/mpc/keygen', { body, params, signal }))
  }

  /** @param participants names of holders of the account; the first opens the session */
  orderSignature(account_id: string, content: Content, participants: string[]): Promise<OrderedSession> {
    const body = { account_id, content, participants, life_seconds: 600 }
    const params = idempotent()
    return this.#repeated((signal) => this.#rest.POST('/api/v1/mpc/sign', { body, params, signal }))
  }

  session(id: string): Promise<Session> {
    const params = { path: { id } }
    return this.#repeated((signal) => this.#rest.GET('/api/v1/mpc/sessions/{id}', { params, signal }))
  }

  /** Waits for the result of a session. @throws SessionEnded when there will be none */
  async completed(id: string): Promise<Session> {
    for (let pauseMs = 50; ; pauseMs = Math.min(2 * pauseMs, 2000)) {
      const session = await this.session(id)
      const { status, failure } = session
      if (status === 'completed') return session
      if (status === 'failed' || status === 'expired') throw new SessionEnded(id, status, failure?.detail ?? '')
      await pause(pauseMs)
    }
  }

  /** New shares of an account's wallet: how far they are. */
  reshare(id: string): Promise<Reshare> {
    const params = { path: { id } }
    return this.#repeated((signal) => this.#rest.GET('/api/v1/reshares/{id}', { params, signal }))
  }

  /** Those of an account, the newest first. */
  async reshares(accountId: string): Promise<readonly Reshare[]> {
    const params = { path: { id: accountId } }
    return (await this.#repeated((signal) => this.#rest.GET('/api/v1/accounts/{id}/reshares', { params, signal })))
      .reshares
  }

  /** Waits until new shares are those that sign. @throws SessionEnded when they never will */
  async committed(id: string): Promise<Reshare> {
    for (let pauseMs = 50; ; pauseMs = Math.min(2 * pauseMs, 2000)) {
      const reshare = await this.reshare(id)
      const { status, failure } = reshare
      if (status === 'committed' || status === 'done') return reshare
      if (status === 'aborted' || status === 'expired') throw new SessionEnded(id, status, failure?.detail ?? '')
      await pause(pauseMs)
    }
  }

  createAccount(session_id: string, name: string): Promise<Account> {
    const params = idempotent()
    return this.#repeated((signal) =>
      this.#rest.POST('/api/v1/accounts', { body: { session_id, name }, params, signal }),
    )
  }

  async accounts(): Promise<readonly Account[]> {
    return (await this.#repeated((signal) => this.#rest.GET('/api/v1/accounts', { signal }))).accounts
  }

  account(id: string): Promise<Account> {
    const params = { path: { id } }
    return this.#repeated((signal) => this.#rest.GET('/api/v1/accounts/{id}', { params, signal }))
  }

  suspend(id: string): Promise<Account> {
    const params = { path: { id } }
    return this.#repeated((signal) => this.#rest.POST('/api/v1/accounts/{id}/suspend', { params, signal }))
  }

  resume(id: string): Promise<Account> {
    const params = { path: { id } }
    return this.#repeated((signal) => this.#rest.POST('/api/v1/accounts/{id}/resume', { params, signal }))
  }

  /** A page of the audit log, oldest first. */
  async audit({ after = 0, limit = 100 } = {}): Promise<readonly AuditEntry[]> {
    const params = { query: { after, limit } }
    const page = await this.#repeated((signal) => this.#rest.GET('/api/v1/audit', { params, signal }))
    return typeof page === 'string' ? [] : page.entries // CSV comes only when it is asked for
  }

  /**
   * What happens in the sessions of this API key, until `signal` aborts; goes on where a broken connection ended. An event is
   * news, not the state: that is what `session` says.
   * @param after the entry to continue after; without, only what happens from now on
   */
  async *events({ after, signal }: { after?: number; signal?: AbortSignal } = {}): AsyncGenerator<AuditEntry> {
    let last = after
    for (;;) {
      try {
        for await (const entry of this.#stream(last, signal)) {
          last = entry.entry
          yield entry
        }
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error
      }
      if (signal?.aborted === true) return
      await pause(1000)
    }
  }

  /** @throws Unreachable when it broke off */
  async *#stream(after: number | undefined, signal: AbortSignal | undefined): AsyncGenerator<AuditEntry> {
    const { baseUrl, apiKey, fetch: send } = this.#config
    const silent = new AbortController()
    const stop = signal ? AbortSignal.any([signal, silent.signal]) : silent.signal
    const query = after === undefined ? '' : `?after=${after}`
    const giveUp = () =>
      setTimeout(() => {
        silent.abort()
      }, silenceMs)
    let timer = giveUp()
    try {
      const response = await send(`${baseUrl}/api/v1/events${query}`, {
        headers: { 'X-API-Key': apiKey },
        signal: stop,
      })
      if (response.status !== 200) throw refusal(response.status, await response.json())
      const text = response.body?.pipeThrough(new TextDecoderStream())
      const heard = text?.pipeThrough(
        new TransformStream<string, string>({
          transform(part, out) {
            clearTimeout(timer)
            timer = giveUp()
            out.enqueue(part)
          },
        }),
      )
      for await (const { data } of heard?.pipeThrough(new EventSourceParserStream()) ?? []) {
        yield JSON.parse(data) as AuditEntry
      }
    } catch (error) {
      if (error instanceof Refused) throw error
      if (signal?.aborted === true) return
      throw new Unreachable('the stream broke off', { cause: error })
    } finally {
      clearTimeout(timer)
      silent.abort()
    }
  }

  /** For calls that may be sent again when no answer came: those that only look, and those under an idempotency key. */
  async #repeated<T>(call: (signal: AbortSignal) => Promise<FetchAnswer<T>>): Promise<T> {
    for (const pauseMs of pausesMs) {
      try {
        return await this.#once(this.#config.timeoutMs, call)
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error
        await pause(pauseMs)
      }
    }
    return this.#once(this.#config.timeoutMs, call)
  }

  /** @throws Refused, Unreachable */
  async #once<T>(timeoutMs: number, call: (signal: AbortSignal) => Promise<FetchAnswer<T>>): Promise<T> {
    let answer: FetchAnswer<T>
    try {
      answer = await call(AbortSignal.timeout(timeoutMs))
    } catch (error) {
      throw new Unreachable('no answer from the coordinator', { cause: error })
    }
    if (answer.data === undefined) throw refusal(answer.response.status, answer.error)
    return answer.data
  }
}

interface FetchAnswer<T> {
  readonly data?: T
  readonly error?: unknown
  readonly response: Response
}

function refusal(status: number, body: unknown): Refused | Unreachable {
  const { error } = (body ?? {}) as { error?: Readonly<Record<string, unknown>> }
  const { code, reason, message, cause } = error ?? {}
  return typeof code === 'string' && typeof reason === 'string' && typeof message === 'string'
    ? new Refused(status, { code, reason, message, cause: typeof cause === 'string' ? cause : undefined })
    : new Unreachable(`HTTP ${status}, from something that is no coordinator`)
}

function idempotent() {
  return { header: { 'Idempotency-Key': bytesToHex(systemRandom(16)) } }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
