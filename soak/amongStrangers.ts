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
  /** So long the strangers go on before signatures are measured. */
  readonly warmUpMs: number
}

interface Signed {
  readonly signed: number
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
}

/** A wallet's holder signs with a server party that strangers also ask. @param stack with a set of primes for each party */
export async function amongStrangers(
  stack: LocalStack,
  { perMinute, addresses, signatures, warmUpMs }: Wanted,
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
    for (let n = 0; n < signatures; n += 1) {
      const before = performance.now()
      await about(n)
      took.push(performance.now() - before)
    }
    took.sort((a, b) => a - b)
    const at = (share: number) => took[Math.min(took.length - 1, Math.floor(share * took.length))] ?? NaN
    return { signed: took.length, p50: at(0.5), p95: at(0.95) }
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
    await setTimeout(warmUpMs)
    const crowded = await signing()
    const came = await saidBy(crowd)
    return { quiet, crowded, came, coordinatorMiB }
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

/** NaN where the system does not say. */
async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? NaN) / 1024)
}
