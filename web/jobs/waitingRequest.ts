import { newRequest } from '../../participant/requests/newRequest.ts'
import { unlessCancelled } from '../../participant/session/unlessCancelled.ts'
import type { SigningOrder } from '../../tss-wasm/content/signing.ts'
import { signingTasks } from '../../tss-wasm/content/signing.ts'
import { refused } from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import { stateOf } from '../../tss-wasm/requests/state.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import type { Mailroom, WaitingRequest } from './mailroom.ts'
import { membershipIn } from './membership.ts'
import type { OpenShare } from './openShare.ts'
import type { RequestPorts } from './ports.ts'
import { unlockShare, type Unlocking } from './unlock.ts'

/** What one of us asks the others to sign in their own time. */
export interface Asking {
  readonly wallet: WalletRecord
  readonly order: SigningOrder
  /** What for: at most 280 visible characters. */
  readonly note: string
  /** How long it waits: at most seven days. */
  readonly lifeMs: number
  /** An earlier request of ours that ends with this one. */
  readonly replaces?: Uint8Array
}

/** A request that this device has approved, and its share, which stays open for as long as its person is here. */
export interface Approved {
  readonly read: WaitingRequest
  readonly share: OpenShare
}

/**
 * Leaves a request with the coordinator, sealed for the members. To ask is to approve, so the share is opened first: whoever
 * cannot sign does not ask.
 * @throws ProtocolAbort; RangeError for a note or a life that the others would refuse
 */
export async function askMembers(
  ports: RequestPorts,
  mail: Mailroom,
  asking: Asking,
  unlocking: Unlocking,
  signal: AbortSignal,
): Promise<Approved> {
  const { wallet, order, note, lifeMs, replaces } = asking
  signingTasks(order)
  using opened = new DisposableStack()
  const share = opened.use(await unlocked(ports, wallet, unlocking, signal))
  const [from, epoch] = [wallet.mySeat as PartyId, wallet.epochs?.number ?? 0]
  const request = newRequest({ ...order, from, epoch, note, lifeMs, replaces }, ports.now(), systemRandom)
  const box = await mail.box(wallet)
  await box.ask(request)
  const read = await mail.look(wallet, request.id)
  opened.move() // whoever has the result disposes of the share
  return { read, share }
}

/**
 * Approves what was shown: its very bytes, by their hash. The share is opened before anybody is told. Whoever has approved
 * before is not heard a second time; it comes to sign.
 * @throws ProtocolAbort `refused` where the request is over
 */
export async function approveRequest(
  ports: RequestPorts,
  mail: Mailroom,
  { wallet, opened }: WaitingRequest,
  unlocking: Unlocking,
  signal: AbortSignal,
): Promise<Approved> {
  using holding = new DisposableStack()
  const share = holding.use(await unlocked(ports, wallet, unlocking, signal))
  const box = await mail.box(wallet)
  const { stage, members } = stateOf(opened, box.membership, ports.now())
  if (stage !== 'open' && stage !== 'ready') throw refused('declined', `the request is ${stage}`)
  const mine = members.find(({ seat }) => seat === box.me)
  if (mine?.answer === 'rejected') throw refused('declined', 'this member has rejected the request')
  if (mine?.answer !== 'approved') await box.say(opened, { type: 'approve' })
  const read = await mail.look(wallet, opened.request.id)
  holding.move()
  return { read, share }
}

/** Says no, with a reason that all members read. @throws ProtocolAbort */
export async function rejectRequest(mail: Mailroom, { wallet, opened }: WaitingRequest, reason: string): Promise<void> {
  await (await mail.box(wallet)).say(opened, { type: 'reject', by: 'person', reason })
  await mail.look(wallet, opened.request.id)
}

/** Takes back what we have asked. @throws ProtocolAbort */
export async function withdrawRequest(mail: Mailroom, { wallet, opened }: WaitingRequest): Promise<void> {
  await (await mail.box(wallet)).say(opened, { type: 'withdraw' })
  await mail.look(wallet, opened.request.id)
}

/** Tells the others, once, that we have looked at it. @throws ProtocolAbort */
export async function tellSeen(ports: Pick<RequestPorts, 'now'>, mail: Mailroom, read: WaitingRequest): Promise<void> {
  const { wallet, opened } = read
  const membership = membershipIn(wallet)
  if (membership === undefined) return
  const mine = stateOf(opened, membership, ports.now()).members.find(({ seat }) => seat === (wallet.mySeat as PartyId))
  if (mine?.answer !== 'none' || mine.seenAtMs !== undefined) return
  await (await mail.box(wallet)).say(opened, { type: 'seen' })
}

/** Tells the others that the network has taken it. @throws ProtocolAbort */
export async function tellSent(mail: Mailroom, { wallet, opened }: WaitingRequest, transaction: string): Promise<void> {
  await (await mail.box(wallet)).say(opened, { type: 'sent', transaction })
}

async function unlocked(
  ports: RequestPorts,
  wallet: WalletRecord,
  unlocking: Unlocking,
  signal: AbortSignal,
): Promise<OpenShare> {
  using engine = ports.startEngine()
  return await unlessCancelled(signal, unlockShare(ports, engine, wallet, unlocking, signal))
}
