import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { bytesToHex } from '@noble/hashes/utils.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { LocalStack } from '../testkit/localStack.ts'
import { createWallet, offers, person, sign } from '../testkit/person.ts'
import type { Came, Crowd } from './crowd.ts'

export interface Wanted {
  readonly perMinute: number
  readonly addresses: number
  /** With strangers, and as many without. */
  readonly signatures: number
  /** When it takes longer than this, fewer: at least `fewestSignatures`. */
  readonly withinMs: number
  /** So long the strangers go on before signatures are measured. */
  readonly warmUpMs: number
}

const fewestSignatures = 10

interface Signed {
  readonly signed: number
  /** That ended in a failure: none may. */
  readonly failed: number
  /** Milliseconds. */
  readonly p50: number
  readonly p95: number
}

export interface Measured {
  readonly quiet: Signed
  readonly crowded: Signed
  readonly came: Came
  /** The most that the coordinator's process had in memory while strangers came, looked at every second. */
  readonly coordinatorMiB: number
  /** Processor time of each process for one session that a stranger opened, signatures included. Milliseconds. */
  readonly msPerStranger: Readonly<Record<string, number>>
}

/** A wallet's holder signs with a server party that strangers also ask. @param stack with a set of primes for each party */
export async function amongStrangers(
  stack: LocalStack,
  { perMinute, addresses, signatures, withinMs, warmUpMs }: Wanted,
): Promise<Measured> {
  const [party] = stack.parties
  if (party === undefined) throw new Error('there is no server party')
  const holder = await person(createGrpcTransport({ baseUrl: stack.grpcUrl }))
  const wallet = await createWallet(holder, stack.parties)
  const [coSigner] = offers(stack.parties)
  if (coSigner === undefined) throw new Error('there is no server party')
  const about = (n: number) => sign(holder, wallet, coSigner, { type: 'ethereum-message', message: Uint8Array.of(n) })

  async function signing(): Promise<Signed> {
    const took: number[] = []
    let failed = 0
    const sinceMs = performance.now()
    for (let n = 0; n < signatures; n += 1) {
      const before = performance.now()
      if (n >= fewestSignatures && before - sinceMs > withinMs) break
      await about(n).catch((error: unknown) => {
        process.stderr.write(`a signature failed: ${String(error)}\n`)
        failed += 1
      })
      took.push(performance.now() - before)
    }
    took.sort((a, b) => a - b)
    const at = (share: number) => took[Math.min(took.length - 1, Math.floor(share * took.length))] ?? NaN
    return { signed: took.length - failed, failed, p50: at(0.5), p95: at(0.95) }
  }

  const quiet = await signing()
  const crowd = fork(new URL('crowd.ts', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  let coordinatorMiB = 0
  const looking = setInterval(() => {
    void residentMiB(stack.pids['coordinator'] ?? 0).then((now) => (coordinatorMiB = Math.max(coordinatorMiB, now)))
  }, 1000)
  try {
    const { signingKey, encryptionKey } = party.identity
    const told: Crowd = {
      grpcUrl: stack.grpcUrl,
      perMinute,
      addresses,
      party: { name: party.name, signingKey: bytesToHex(signingKey), encryptionKey: bytesToHex(encryptionKey) },
      publicKey: bytesToHex(secp256k1.getPublicKey(new Uint8Array(32).fill(5))),
    }
    crowd.send(told)
    await once(crowd, 'message')
    const before = await processorMs(stack)
    await setTimeout(warmUpMs)
    const crowded = await signing()
    const came = await saidBy(crowd)
    const after = await processorMs(stack)
    const perStranger = Object.entries(after).map(([name, ms]) => {
      const each = (ms - (before[name] ?? 0)) / Math.max(1, came.opened)
      return [name, Math.round(10 * each) / 10] as const
    })
    return { quiet, crowded, came, coordinatorMiB, msPerStranger: Object.fromEntries(perStranger) }
  } finally {
    clearInterval(looking)
    crowd.kill('SIGKILL')
  }
}

async function saidBy(crowd: ChildProcess): Promise<Came> {
  crowd.send('how many?')
  const [came] = (await once(crowd, 'message')) as [Came]
  return came
}

/** What each process of the stack has had of the processor so far, by name; NaN where the system does not say. */
async function processorMs({ pids }: LocalStack): Promise<Record<string, number>> {
  const msPerTick = 10
  const read = async ([name, pid]: [string, number]) => {
    const [, fields = ''] = (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')).split(') ')
    const [user, system] = fields.split(' ').slice(11, 13)
    return [name, msPerTick * (Number(user) + Number(system))] as const
  }
  return Object.fromEntries(await Promise.all(Object.entries(pids).map(read)))
}

/** NaN where the system does not say. */
async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? NaN) / 1024)
}
