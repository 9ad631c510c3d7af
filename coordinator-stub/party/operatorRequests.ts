import { bytesToHex } from '@noble/hashes/utils.js'
import type { ListedRequests, RequestBox } from '../../participant/requests/requestBox.ts'
import { assembleOrder } from '../../tss-wasm/content/signing.ts'
import { decide } from '../../tss-wasm/policy/decide.ts'
import { brokenInWords } from '../../tss-wasm/policy/explain.ts'
import type { Policy } from '../../tss-wasm/policy/policy.ts'
import type { OpenedRequest } from '../../tss-wasm/requests/entry.ts'
import { isLive } from '../../tss-wasm/requests/isLive.ts'
import { locatorOf } from '../../tss-wasm/requests/mailbox.ts'
import { type RequestState, stateOf, statesOf } from '../../tss-wasm/requests/state.ts'
import { RpcError } from '../signer/rpcError.ts'
import type { ApprovedByOperator } from './byOperator.ts'
import { type ContentJson, contentJson } from './contentJson.ts'
import type { PartyFolder } from './folder.ts'
import type { Ledger } from './ledger.ts'
import { askedAs, membershipOf, type PartyRequests } from './requests.ts'
import type { PartyWallet } from './wallet.ts'

/** A request as whoever runs the party is told of it; in JSON, bytes are lower-case hex, times ISO 8601 in UTC. */
export interface ToldRequest {
  readonly id: string
  readonly wallet: string
  readonly stage: RequestState['stage']
  readonly content: ContentJson
  readonly path?: readonly number[]
  readonly note: string
  /** Seat of whoever asks. */
  readonly from: number
  readonly created: string
  readonly expires: string
  /** How many more have to approve. */
  readonly needed: number
  /** What this party has answered, and why it has not where it waits. */
  readonly answer: 'none' | 'approved' | 'rejected'
  readonly waits?: string
  readonly members: readonly {
    readonly seat: number
    readonly answer: 'none' | 'approved' | 'rejected'
    readonly by?: string
    readonly reason?: string
  }[]
  /** Once signed: the transaction or signature, as other programs take it. */
  readonly result?: string
  readonly transaction?: string
}

/** What whoever runs a server party sees of requests, and says to them. */
export interface OperatorRequests {
  /** All that the coordinator still has, by wallet, oldest first. */
  list(): Promise<readonly ToldRequest[]>
  /** @param id 32 hex digits @throws RpcError where there is none, or it has come to its end */
  approve(id: string): Promise<ToldRequest>
  /** @param reason for the other members to read */
  reject(id: string, reason: string): Promise<ToldRequest>
}

export interface OperatorRequestPorts {
  readonly folder: Pick<PartyFolder, 'identity' | 'activeWallets'>
  readonly policy: Policy
  readonly ledger: Pick<Ledger, 'earlier'>
  readonly byOperator: ApprovedByOperator
  readonly reading: Pick<ListedRequests, 'list' | 'boxOf'>
  readonly requests: Pick<PartyRequests, 'again'>
  readonly now: () => number
}

interface Found {
  readonly wallet: PartyWallet
  readonly box: RequestBox
  /** Of the requests in the box. */
  readonly ids: readonly Uint8Array[]
}

export function operatorRequests(ports: OperatorRequestPorts): OperatorRequests {
  const { folder, policy, ledger, byOperator, reading, requests, now } = ports

  async function boxes(): Promise<readonly Found[]> {
    const wallets = await folder.activeWallets()
    const byLocator = new Map(wallets.map((wallet) => [bytesToHex(locatorOf(membershipOf(wallet))), wallet]))
    const found: Found[] = []
    for (const list of await reading.list(wallets.map(membershipOf))) {
      const wallet = byLocator.get(bytesToHex(list.locator))
      if (wallet === undefined) continue
      const member = { membership: membershipOf(wallet), me: wallet.mySeat, identity: folder.identity }
      const box = await reading.boxOf(member, list)
      if (box !== undefined) found.push({ wallet, box, ids: list.requests.map(({ requestId }) => requestId) })
    }
    return found
  }

  async function live(id: string): Promise<Found & { readonly opened: OpenedRequest; readonly state: RequestState }> {
    for (const found of await boxes()) {
      const name = found.ids.find((each) => bytesToHex(each) === id)
      if (name === undefined) continue
      const opened = await found.box.read(name)
      const state = stateOf(opened, found.box.membership, now())
      if (!isLive(state)) throw new RpcError('rejected', `the request is ${state.stage}: nothing can be said to it`)
      return { ...found, opened, state }
    }
    throw new RpcError('wrongParameters', `no wallet of this party has a request ${id}`)
  }

  function told({ wallet, box }: Found, opened: OpenedRequest, state: RequestState): ToldRequest {
    const { id, content, path, note, from, createdMs, expiresMs, publicKey } = opened.request
    const { stage, needed, signed, transaction } = state
    const answer = state.members.find(({ seat }) => seat === box.me)?.answer ?? 'none'
    const isWaiting = isLive(state) && answer !== 'rejected' && !(answer === 'approved' && from !== box.me)
    const waits = isWaiting ? waitsFor({ wallet, box }, opened) : undefined
    const order = { publicKey, content, ...(path !== undefined && { path }) }
    return {
      ...{ id: bytesToHex(id), wallet: wallet.walletId, stage, content: contentJson(content), note, from, needed },
      ...(path !== undefined && { path }),
      ...{ created: new Date(createdMs).toISOString(), expires: new Date(expiresMs).toISOString(), answer },
      ...(waits !== undefined && { waits }),
      members: state.members.map(({ seat, answer: said, by, reason }) => ({
        ...{ seat, answer: said },
        ...(by !== undefined && { by }),
        ...(reason !== undefined && { reason }),
      })),
      ...(signed !== undefined && { result: assembleOrder(order, signed.signatures).result }),
      ...(transaction !== undefined && { transaction }),
    }
  }

  /** Why the policy has not answered yet, in words. */
  function waitsFor({ wallet, box }: Pick<Found, 'wallet' | 'box'>, opened: OpenedRequest): string | undefined {
    const nowMs = now()
    const asked = askedAs({ box, opened, byOperator: byOperator.has(opened.hash) }, nowMs)
    const decision = decide(policy, asked, ledger.earlier(wallet.walletId, nowMs), nowMs)
    return decision.type === 'waits' ? brokenInWords(decision.rule) : undefined
  }

  /** Once this party has looked at it again. */
  async function after({ opened: { request }, ...found }: Awaited<ReturnType<typeof live>>): Promise<ToldRequest> {
    const { box, wallet } = found
    await requests.again(box, wallet, request.id)
    const opened = await box.read(request.id)
    return told(found, opened, stateOf(opened, box.membership, now()))
  }

  return {
    async list() {
      const all: ToldRequest[] = []
      for (const found of await boxes()) {
        const opened = await readAll(found)
        const states = statesOf(opened, found.box.membership, now())
        const inOrder = [...states].sort(([one], [two]) => one.request.createdMs - two.request.createdMs)
        all.push(...inOrder.map(([each, state]) => told(found, each, state)))
      }
      return all
    },

    async approve(id) {
      const found = await live(id)
      const { opened, state, box } = found
      const mine = state.members.find(({ seat }) => seat === box.me)
      if (mine?.answer === 'rejected')
        throw new RpcError('rejected', 'this party has rejected the request, and a no is not taken back: ask again')
      if (!policy.operatorApproves) {
        const waits = waitsFor(found, opened)
        const why = waits === undefined ? 'it has answered' : `it waits: ${waits}`
        throw new RpcError('rejected', `the policy decides by itself, without "operatorApproves"; ${why}`)
      }
      await byOperator.add(opened.hash, opened.request.expiresMs)
      return after(found)
    },

    async reject(id, reason) {
      const found = await live(id)
      await found.box.say(found.opened, { type: 'reject', by: 'person', reason })
      return after(found)
    },
  }
}

/** What cannot be read was put there by nobody who may: the coordinator, or an earlier member. */
async function readAll({ box, ids }: Found): Promise<readonly OpenedRequest[]> {
  const opened: OpenedRequest[] = []
  for (const id of ids) {
    try {
      opened.push(await box.read(id))
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
    }
  }
  return opened
}
