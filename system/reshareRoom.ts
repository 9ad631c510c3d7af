import assert from 'node:assert/strict'
import { join } from 'node:path'
import { browserDisk, desktopDisk, type Disk, partyDisk } from '../testkit/disks.ts'
import { rig, type Rig, temporaryFolder } from '../testkit/harness.ts'
import { idleClock } from '../testkit/idleClock.ts'
import { createByInvitation, installation, meddled } from '../testkit/people.ts'
import { reshareTogether } from '../testkit/resharing.ts'
import { ProtocolAbort } from '../tss-wasm/failure.ts'
import { decodeProposal } from '../tss-wasm/identity/proposal.ts'
import { handoverOf, signReshareConfirmation } from '../tss-wasm/identity/reshareAgreement.ts'
import { walletIdOf } from '../tss-wasm/keyShare/keyShare.ts'
import type { Engine, SealedShare } from '../tss-wasm/worker/api.ts'
import type { Ports } from '../web/jobs/ports.ts'
import type { NewPlace } from '../web/jobs/reshareWallet.ts'
import { settlePending } from '../web/jobs/settlePending.ts'
import type { WalletRecord } from '../web/platform/shareStore.ts'
import { type Mortal, mortal, type When } from './dying.ts'

const lifeSeconds = 60
/** For the others to do what they can without whoever died; what they do not, they do when they come back. */
const graceMs = 50

/** A wallet of three, of which the third device is lost; one stands ready in its place. */
export interface Founded {
  readonly record: WalletRecord
  readonly owners: readonly { readonly record: WalletRecord; readonly share: SealedShare }[]
  /** Of the two who are left and of the new device. */
  readonly identities: readonly Ports['identity'][]
}

export async function founded(): Promise<Founded> {
  const at = await rig()
  const people = await Promise.all([0, 1, 2, 3].map((number) => installation(at.transport, number)))
  const outcomes = await createByInvitation({ people: people.slice(0, 3) }, { threshold: 2 })
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  const owners = await Promise.all(people.slice(0, 2).map(async ({ shares }) => keptBy(shares)))
  const [first] = owners
  const identities = [people[0], people[1], people[3]].map((ports) => ports?.identity ?? assert.fail())
  assert.ok(first)
  return { record: first.record, owners, identities }
}

async function keptBy(shares: Ports['shares']) {
  const [record] = await shares.list()
  const share = record && (await shares.getShare(record.walletId))
  assert.ok(record && share)
  return { record, share }
}

/** New shares that a run has brought, and what their holders reported but for the signature, in the order of seats. */
export type Brought = readonly { readonly share: SealedShare; readonly report: Uint8Array }[]

/**
 * An engine that has the shares of an earlier run at hand once everybody has begun: for those who ask what becomes of
 * shares, not how they are computed.
 */
export function atHand(brought: Brought, real: () => Engine): () => Engine {
  const { promise: everybody, resolve } = Promise.withResolvers<undefined>()
  let begun = 0
  return () => ({
    ...real(),
    async reshare({ me, identity, roster, proposal: bytes }, channel, _onProgress, keep) {
      begun += 1
      if (begun === brought.length) resolve(undefined)
      await Promise.race([everybody, channel.next()])
      const { proposal } = decodeProposal(bytes)
      const kept = brought[me - 1]
      if (kept === undefined || proposal.kind !== 'reshare') throw new Error('no share was brought for this seat')
      const result = { transcriptHash: kept.report.slice(0, 32), sharesAfter: kept.report.slice(32, 64) }
      const report = await signReshareConfirmation(handoverOf(proposal, roster), me, result, identity)
      await keep({ walletId: walletIdOf(proposal.publicKey), sealedShare: kept.share, report })
    },
  })
}

/** How one device ends: around a step of its own, by number or by name, or not. */
export interface Death {
  readonly victim: number
  readonly step: number | ((step: string) => boolean)
  readonly when: When
}

export const kinds = ['browser', 'desktop', 'server party'] as const

/** A device that can be switched off: what it has stored is on its disk. */
export interface Device {
  readonly life: Mortal
  readonly disk: Disk
  readonly identity: Ports['identity']
  readonly ports: Ports
  readonly close: () => Promise<void>
}

/** A coordinator, and three devices, each with another kind of store. */
export interface Room extends AsyncDisposable {
  readonly at: Rig
  readonly devices: readonly Device[]
  /** A program that is started later, but for what is on its disk. */
  readonly program: Ports
}

/** @param turn which device has which kind of store */
export async function room(
  { record, owners, identities }: Founded,
  { victim, step, when }: Death,
  { turn = 0, brought }: { readonly turn?: number; readonly brought?: Brought | undefined } = {},
): Promise<Room> {
  const folder = await temporaryFolder()
  const at = await rig()
  let engine: (() => Engine) | undefined
  const devices = await Promise.all(
    // Primes of their own: the third set is of the device that is lost.
    [3, 4, 2].map(async (primes, number): Promise<Device> => {
      const life = mortal(number === victim ? step : Infinity, when)
      const kind = kinds[(number + turn) % kinds.length]
      const own = join(folder.path, String(number))
      const disk =
        kind === 'browser' ? browserDisk() : kind === 'desktop' ? desktopDisk(own) : partyDisk(own, record.walletId)
      const { shares, close } = await disk.open()
      const owner = owners[number]
      if (owner !== undefined) {
        await shares.putPending(owner.record, owner.share)
        await shares.activate(owner.record.walletId)
      }
      const fresh = await installation(meddled(at, life.meddle), primes)
      const identity = identities[number] ?? fresh.identity
      if (brought !== undefined) engine ??= atHand(brought, () => fresh.startEngine())
      const startEngine = engine ?? (() => fresh.startEngine())
      return { life, disk, identity, close, ports: life.stores({ ...fresh, startEngine, identity, shares }) }
    }),
  )
  return {
    at,
    devices,
    program: await installation(at.transport, 0),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

/** The new device comes to the third place; everything ends, for good or for bad, and all are switched off. */
export async function reshared(
  { at, devices }: Room,
  { record }: Pick<Founded, 'record'>,
  victim?: number,
): Promise<readonly PromiseSettledResult<WalletRecord>[]> {
  const [host, member, guest] = devices.map(({ ports }) => ports)
  const [first, second] = record.seats
  assert.ok(host && member && guest && first && second)
  const places: NewPlace[] = [
    { kind: 'stays', seat: first },
    { kind: 'stays', seat: second },
    { kind: 'invited', label: 'new phone' },
  ]
  const off = new AbortController()
  const survivors: Promise<unknown>[] = []
  const all = reshareTogether({
    ...{ host, members: [member], guests: [guest], threshold: 2, places, lifeSeconds, signal: off.signal },
    onOutcome(number, outcome) {
      if (number !== victim) survivors.push(outcome)
    },
  }).catch(() => [])
  await Promise.race([all, ...devices.map(({ life }) => life.died)])
  if (devices.some(({ life }) => life.isDead())) await Promise.race([Promise.allSettled(survivors), idle(graceMs)])
  at.clock.now += (lifeSeconds + 1) * 1000
  await at.services.sessions.sweep(at.clock.now)
  off.abort(new ProtocolAbort({ kind: 'cancelled' }))
  await Promise.all(devices.map(({ life }) => life.bury()))
  const outcomes = await all
  for (const device of devices) await device.close()
  return outcomes
}

function idle(milliseconds: number): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  idleClock.after(milliseconds, () => {
    resolve(undefined)
  })
  return promise
}

/** How a device stands, by what is on its disk. */
export interface Standing {
  readonly current: number | undefined
  readonly held: readonly number[]
  readonly hasReport: boolean
  readonly said: 'nothing' | 'confirmation' | 'withdrawal'
  readonly isHeard: boolean
  readonly unspoken: readonly number[]
}

export async function standing({ epochs }: Ports['shares'], walletId: string): Promise<Standing> {
  const known = await epochs.read(walletId)
  const held = await epochs.held(walletId)
  const attempt = known?.attempts.find(({ handover }) => handover.number === 1)
  return {
    current: known?.current?.number,
    held: held.toSorted((a, b) => a - b),
    hasReport: (attempt?.report.length ?? 0) > 0,
    said: attempt?.said ?? 'nothing',
    isHeard: attempt?.isHeard ?? false,
    unspoken: known?.unspoken ?? [],
  }
}

/** Looks at what is on the disks, or works with it, as programs that were started again. */
export async function onDisks<T>(
  { devices, program }: Room,
  work: (ports: Ports, number: number) => Promise<T>,
  absent: readonly number[] = [],
): Promise<T[]> {
  const results: T[] = []
  for (const [number, { disk, identity }] of devices.entries()) {
    if (absent.includes(number)) continue
    const { shares, close } = await disk.open()
    try {
      results.push(await work({ ...program, shares, identity }, number))
    } finally {
      await close()
    }
  }
  return results
}

/** Everybody but the absent opens the app again, twice: who comes first hears less. */
export async function reopened(now: Room, walletId: string, absent: readonly number[] = []): Promise<Standing[]> {
  await onDisks(now, settlePending, absent)
  const settled = async (ports: Ports) => {
    await settlePending(ports)
    return standing(ports.shares, walletId)
  }
  return onDisks(now, settled, absent)
}

/** Whether a step is the so many-th of its name, from 1. */
export function nthOf(name: string, nth: number): (step: string) => boolean {
  let seen = 0
  return (step) => step === name && ++seen === nth
}
