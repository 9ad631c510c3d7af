import { create } from '@bufbuild/protobuf'
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { recoverMessageAddress } from 'viem'
import type { SigningContent } from '../../tss-wasm/content/content.ts'
import { ethereumAddress } from '../../tss-wasm/content/ethereum.ts'
import { SessionSchema } from '../../proto/gen/coordinator_pb.js'
import { ProtocolAbort, type Failure } from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { ManualClock } from '../../tss-wasm/test/network.ts'
import type { CeremonyEvent, Step } from '../jobs/ceremony.ts'
import { createWallet, inviteAndCreate } from '../jobs/createWallet.ts'
import { keepWatchingRequests } from '../jobs/requests.ts'
import { signContent } from '../jobs/signContent.ts'
import { unlock } from '../jobs/unlock.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { lookedAt, pinnedParty, script, sealedDouble, testPorts, type TestPorts } from './doubles.ts'

const never = new AbortController().signal
const passphrase = () => new Uint8Array(utf8ToBytes('quite a long phrase'))
const form = () => ({
  name: 'Family',
  threshold: 2,
  serverParties: [pinnedParty('server-1', 10), pinnedParty('server-2', 20)],
  passphrase: passphrase(),
})
const message: SigningContent = { type: 'ethereum-message', message: utf8ToBytes('hello') }
const blame: Failure = { kind: 'misbehaviour', culprits: [2 as PartyId], check: 'mod proof' }

function failing(at: string, failure: Failure) {
  return script((call) => {
    if (call === at) throw new ProtocolAbort(failure)
  })
}

function failsWith(failure: Failure): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof ProtocolAbort)
    assert.deepEqual(error.failure, failure)
    return true
  }
}

function steps(events: readonly CeremonyEvent[]): Step[] {
  return events.flatMap((event) => (event.type === 'step' ? [event.step] : []))
}

async function withWallet(): Promise<{ ports: TestPorts; wallet: WalletRecord; log: string[] }> {
  const run = script()
  const ports = testPorts(run)
  const wallet = await createWallet(ports, form(), () => undefined, never)
  run.log.length = 0
  return { ports, wallet, log: run.log }
}

suite('creating a wallet', () => {
  test('stores before it announces, and activates once everybody has confirmed', async () => {
    const run = script()
    const ports = testPorts(run)
    const events: CeremonyEvent[] = []
    const request = form()
    const wallet = await createWallet(ports, request, (event) => events.push(event), never)
    assert.deepEqual(
      run.log.filter((call) => /^(put|confirm|activate|engine ended|leave)$/.test(call)),
      ['engine ended', 'put', 'confirm', 'activate', 'engine ended', 'leave'],
    )
    assert.deepEqual(steps(events), ['preparing', 'joining', 'computing', 'storing', 'confirming'])
    assert.deepEqual(await ports.shares.list(), [wallet])
    assert.equal(wallet.state, 'active')
    assert.deepEqual(
      wallet.seats.map(({ serverParty }) => serverParty),
      [undefined, 'server-1', 'server-2'],
    )
    assert.deepEqual(wallet.seats[1]?.signingKey, form().serverParties[0]?.identity.signingKey)
    assert.ok(request.passphrase.every((byte) => byte === 0))
    assert.equal(ports.stock.length, 0)
  })

  for (const at of ['create keygen', 'ready', 'start', 'engine.createWallet', 'received prove from 3', 'put']) {
    test(`leaves nothing behind when it fails at "${at}", and says why`, async () => {
      const run = failing(at, blame)
      const ports = testPorts(run)
      const request = form()
      await assert.rejects(
        createWallet(ports, request, () => undefined, never),
        failsWith(blame),
      )
      assert.equal(ports.shelf.size, 0)
      assert.ok(request.passphrase.every((byte) => byte === 0))
      assert.ok(!run.log.includes('confirm'))
      if (at !== 'create keygen') assert.deepEqual(run.log.slice(-2), ['fail misbehaviour', 'leave'])
    })
  }

  test('keeps the share, pending, when the others may already count on it', async () => {
    const ports = testPorts(failing('confirm', { kind: 'disconnected', detail: 'test' }))
    await assert.rejects(
      createWallet(ports, form(), () => undefined, never),
      ProtocolAbort,
    )
    assert.deepEqual(
      (await ports.shares.list()).map(({ state }) => state),
      ['pending'],
    )
  })

  for (const [at, deadlines] of [
    ['ready', { joinMs: 1, readyMs: 60_000, roundMs: 1 }],
    ['start', { joinMs: 60_000, readyMs: 1, roundMs: 1 }],
  ] as const) {
    test(`names the server parties that did not come, or did not get ready (stuck at "${at}")`, async () => {
      const run = script((call) => (call === at ? new Promise<never>(() => undefined) : undefined))
      const ports = { ...testPorts(run), deadlines }
      const late = { kind: 'timed-out', waitingFor: [2, 3], round: 'seats', waitedMs: 1 } as unknown as Failure
      await assert.rejects(
        createWallet(ports, form(), () => undefined, never),
        failsWith(late),
      )
    })
  }

  test('blames no server for the time that people take to come', async () => {
    const { promise: peopleCame, resolve: come } = Promise.withResolvers<undefined>()
    const { promise: waiting, resolve: wait } = Promise.withResolvers<undefined>()
    const run = script((call) => {
      if (call !== 'propose') return undefined
      wait(undefined)
      return peopleCame
    })
    const clock = new ManualClock()
    const ports = { ...testPorts(run), clock, deadlines: { joinMs: Infinity, readyMs: 1000, roundMs: 1000 } }
    const host = { hosting: () => undefined, codesMatch: () => Promise.resolve(true) }
    const invited = { ...form(), people: ['Eva'], lifeSeconds: 3600, app: 'https://wallet.example' }
    const creating = inviteAndCreate(ports, invited, () => undefined, never, host)
    await waiting
    await clock.pass(3000)
    come(undefined)
    assert.equal((await creating).state, 'active')
  })

  for (const at of ['create keygen', 'start', 'stage prove']) {
    test(`cancelled at "${at}", it ends the engine, tells the others and leaves`, async () => {
      const cancel = new AbortController()
      const { promise: left, resolve } = Promise.withResolvers<boolean>()
      const run = script((call) => {
        if (call === at) cancel.abort()
        if (call === 'leave') resolve(true)
      })
      const ports = testPorts(run)
      await assert.rejects(
        createWallet(ports, form(), () => undefined, cancel.signal),
        failsWith({ kind: 'cancelled' }),
      )
      await left
      assert.equal(ports.shelf.size, 0)
      assert.equal(run.log.includes('fail cancelled'), at !== 'create keygen')
    })
  }
})

suite('signing', () => {
  test('gives a signature that viem recovers to the wallet', async () => {
    const { ports, wallet } = await withWallet()
    const coSigners = wallet.seats.slice(1, 2)
    const signed = await signContent(
      ports,
      { wallet, content: message, coSigners, passphrase: passphrase() },
      () => undefined,
      never,
    )
    const signer = await recoverMessageAddress({ message: 'hello', signature: signed.result as `0x${string}` })
    assert.equal(signer, ethereumAddress(wallet.publicKey))
    const [{ r, s } = { r: '', s: '' }] = signed.signatures
    assert.equal(`${r}${s.slice(2)}`, signed.result.slice(0, -2))
  })

  test('asks nobody when the passphrase is wrong or the content does not decode', async () => {
    const { ports, wallet, log } = await withWallet()
    const request = { wallet, content: message, coSigners: wallet.seats.slice(1, 2), passphrase: new Uint8Array([1]) }
    await assert.rejects(
      signContent(ports, request, () => undefined, never),
      ProtocolAbort,
    )
    const undecodable = { type: 'ethereum-transaction', unsigned: new Uint8Array([2, 0xc0]) } as const
    await assert.rejects(
      signContent(ports, { ...request, content: undecodable, passphrase: passphrase() }, () => undefined, never),
      ProtocolAbort,
    )
    assert.ok(!log.includes('create sign'))
    assert.equal((await ports.shares.list()).length, 1)
  })

  test("keeps its result when another party's confirmation gets lost", async () => {
    const { wallet } = await withWallet()
    const ports = testPorts(failing('confirm', { kind: 'disconnected', detail: 'test' }))
    ports.shelf.set(wallet.walletId, {
      record: wallet,
      shares: new Map([[0, sealedDouble(wallet.walletId, bytesToHex(passphrase()))]]),
    })
    const coSigners = wallet.seats.slice(1, 2)
    const signed = await signContent(
      ports,
      { wallet, content: message, coSigners, passphrase: passphrase() },
      () => undefined,
      never,
    )
    assert.match(signed.result, /^0x[0-9a-f]{130}$/)
  })

  test('does not hand out a signature of another key', async () => {
    const { ports, wallet } = await withWallet()
    const other = { ...wallet, publicKey: secp256k1.getPublicKey(new Uint8Array(32).fill(3)) }
    const request = { wallet: other, content: message, coSigners: wallet.seats.slice(1, 2), passphrase: passphrase() }
    await assert.rejects(
      signContent(ports, request, () => undefined, never),
      /not those of the order/,
    )
  })
})

suite('unlocking', () => {
  test('says whether the passphrase opens this very wallet', async () => {
    const { ports, wallet } = await withWallet()
    await unlock(ports, wallet, passphrase(), never)
    await assert.rejects(
      unlock(ports, wallet, new Uint8Array([1]), never),
      failsWith({ kind: 'refused', what: 'passphrase', detail: 'wrong passphrase' }),
    )
    await assert.rejects(
      unlock(ports, { ...wallet, mySeat: 2 }, passphrase(), never),
      failsWith({ kind: 'refused', what: 'share', detail: 'of another wallet' }),
    )
  })
})

suite('requests of others', () => {
  test('are heard again by themselves after a refusal, a bug and a lost connection, ever later', async () => {
    const { ports, wallet } = await withWallet()
    const troubles = [new ProtocolAbort({ kind: 'refused', what: 'unknown', detail: 'test' }), new TypeError('test')]
    const clock = new ManualClock()
    const proposal = { kind: 'sign', publicKey: wallet.publicKey, content: message } as const
    const creator = { signingKey: new Uint8Array(32).fill(10), encryptionKey: new Uint8Array(32).fill(11) }
    const glimpse = { ...lookedAt, sessionId: '5e'.repeat(16), me: 1 as PartyId, proposal, creator, expiresAtMs: 1 }
    let looks = 0
    let watches = 0
    const coordinator = {
      ...ports.coordinator,
      // oxlint-disable-next-line typescript/require-await -- what is offered is there at once
      async *offersTo() {
        watches += 1
        const trouble = troubles.shift()
        if (trouble !== undefined) throw trouble
        const offered = { session: create(SessionSchema), seat: 1 }
        const { sessionId } = glimpse
        yield { sessionId, joinToken: 'a token', joinedBefore: false, awaits: 1, caller: '', offered }
        return undefined
      },
      preview: () => {
        looks += 1
        if (looks === 1) return Promise.reject(new ProtocolAbort({ kind: 'disconnected', detail: 'test' }))
        return Promise.resolve({ ...glimpse, mySeatIsTaken: false, isOver: false, isCompleted: false })
      },
    }
    const stop = new AbortController()
    const told: string[] = []
    const heard: unknown[] = []
    const watching = keepWatchingRequests(
      { ...ports, coordinator, clock },
      { onRequest: ({ from }) => told.push(from.label) },
      (error) => heard.push(error),
      stop.signal,
    )
    for (const [pauseMs, expected] of [
      [0, 1],
      [1000, 2],
      [1999, 2],
      [1, 3],
      [4000, 4],
    ] as const) {
      await clock.pass(pauseMs)
      assert.equal(watches, expected)
    }
    assert.deepEqual(told, ['server-1'])
    assert.equal(heard.length, 3)
    stop.abort()
    await watching
  })
})

suite('pre-parameters', () => {
  test('are searched once for everybody who waits, and again after a failure', async () => {
    let broken = true
    const run = script((call) => {
      if (call === 'engine.search' && broken) throw new ProtocolAbort({ kind: 'engine-crashed', detail: 'test' })
    })
    const states: string[] = []
    const ports = testPorts(run, ({ state }) => states.push(state))
    await assert.rejects(ports.preparation.ready(), ProtocolAbort)
    broken = false
    await Promise.all([ports.preparation.ready(), ports.preparation.ready()])
    await ports.preparation.ready()
    assert.equal(ports.stock.length, 1)
    assert.deepEqual([states[0], states.indexOf('failed') > 0, states.at(-1)], ['searching', true, 'ready'])
  })
})
