import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { SigningContent } from '../../tss-wasm/content/content.ts'
import type { Clock } from '../../tss-wasm/round/clock.ts'
import type { SealedShare } from '../../tss-wasm/worker/api.ts'
import { changePassphrase } from '../jobs/changePassphrase.ts'
import { createWallet } from '../jobs/createWallet.ts'
import { openShareOf, type OpenShare } from '../jobs/openShare.ts'
import { signContent } from '../jobs/signContent.ts'
import type { Unlocking } from '../jobs/unlock.ts'
import { unlockPeriods, type UnlockedUntil } from '../jobs/unlockPeriods.ts'
import { pinnedParty, script, testPorts } from './doubles.ts'

const minute = 60_000
const never = new AbortController().signal
const bytes = (words: string) => new Uint8Array(utf8ToBytes(words))
const shareOf = (words: string) => bytes(words) as SealedShare
const stored = shareOf('as it is stored')

/** A device whose time passes when it is told to; while it sleeps no timer runs. */
function device() {
  let [nowMs, asleepMs] = [1_800_000_000_000, 0]
  const waiting = new Set<{ dueMs: number; callback: () => void }>()
  const clock: Clock = {
    now: () => nowMs - asleepMs,
    after(milliseconds, callback) {
      const one = { dueMs: nowMs - asleepMs + milliseconds, callback }
      waiting.add(one)
      return () => waiting.delete(one)
    },
  }
  function pass(ms: number): void {
    const endMs = nowMs + ms
    while (nowMs < endMs) {
      nowMs = Math.min(endMs, nowMs + 1000)
      for (const one of [...waiting]) {
        if (one.dueMs > clock.now()) continue
        waiting.delete(one)
        one.callback()
      }
    }
  }
  return {
    ports: { clock, now: () => nowMs },
    pass,
    sleep: (ms: number) => {
      nowMs += ms
      asleepMs += ms
    },
    setBack: (ms: number) => {
      nowMs -= ms
      asleepMs -= ms
    },
    get isWaitedFor() {
      return waiting.size > 0
    },
  }
}

async function unlocked(walletId = 'a', forMs = 5 * minute) {
  const here = device()
  let shown: UnlockedUntil = {}
  const periods = unlockPeriods(here.ports, (until) => (shown = until))
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const share = openShareOf({ sealed: shareOf('sealed for this page'), opening: { kind: 'key', key } })
  periods.keep(walletId, { stored, share }, forMs)
  return {
    ...here,
    here,
    periods,
    share,
    shown: () => shown,
    isOpen: (id = walletId) => isOpen(periods.open(id, stored)),
  }
}

function isOpen(share: OpenShare | undefined): boolean {
  share?.[Symbol.dispose]()
  return share !== undefined
}

suite('a wallet that its person keeps unlocked', () => {
  test('opens for every job until the time is up, and is locked then', async () => {
    const { here, isOpen, pass, shown, share } = await unlocked()
    assert.deepEqual(Object.keys(shown()), ['a'])
    pass(4 * minute)
    assert.ok(isOpen())
    assert.ok(isOpen(), 'a job that is done with it does not end it')
    pass(minute)
    assert.deepEqual(shown(), {}, 'the screen knows without being asked')
    assert.ok(!isOpen())
    assert.ok(share.sealed.every((byte) => byte === 0))
    assert.ok(!here.isWaitedFor)
  })

  test('opens no other wallet', async () => {
    const { isOpen } = await unlocked()
    assert.ok(!isOpen('b'))
  })

  test('is locked once the device wakes after the time was up', async () => {
    const { isOpen, sleep, shown } = await unlocked()
    sleep(10 * minute)
    assert.ok(!isOpen(), 'also before any timer has run')
    const other = await unlocked()
    other.sleep(10 * minute)
    other.pass(1000)
    assert.deepEqual([shown(), other.shown()], [{}, {}])
  })

  test('gains no time where the clock is set back', async () => {
    const { isOpen, setBack } = await unlocked()
    setBack(minute)
    assert.ok(!isOpen())
  })

  test('is locked by a share that is stored anew: a new passphrase, or new shares', async () => {
    const { periods, shown } = await unlocked()
    assert.equal(periods.open('a', shareOf('stored anew')), undefined)
    assert.deepEqual(shown(), {})
    assert.equal(periods.open('a', stored), undefined)
  })

  test('is locked by its person, alone or with all others', async () => {
    const { periods, share, shown, isOpen } = await unlocked()
    const second = openShareOf({ sealed: shareOf('another'), opening: share.opening })
    periods.keep('b', { stored, share: second }, minute)
    periods.lock('a')
    assert.deepEqual(Object.keys(shown()), ['b'])
    assert.ok(!isOpen() && share.sealed.every((byte) => byte === 0))
    periods.lock()
    assert.deepEqual(shown(), {})
    assert.ok(!isOpen('b') && second.sealed.every((byte) => byte === 0))
  })

  test('does not take the share from a job that is under way', async () => {
    const { periods } = await unlocked()
    using taken = periods.open('a', stored)
    periods.lock()
    assert.deepEqual(taken?.sealed, shareOf('sealed for this page'))
  })

  test('stays so for an hour at most', async () => {
    const { periods, share } = await unlocked()
    assert.throws(() => {
      periods.keep('a', { stored, share }, 61 * minute)
    }, RangeError)
  })
})

suite('signing with an unlocked wallet', () => {
  const content: SigningContent = { type: 'ethereum-message', message: utf8ToBytes('hello') }

  async function scene() {
    const run = script()
    const ports = testPorts(run)
    const form = {
      name: 'Family',
      threshold: 2,
      serverParties: [pinnedParty('server-1', 10), pinnedParty('server-2', 20)],
      passphrase: bytes('quite a long phrase'),
    }
    const wallet = await createWallet(ports, form, () => undefined, never)
    const sign = (unlocking: Unlocking) =>
      signContent(ports, { wallet, content, coSigners: wallet.seats.slice(1, 2), ...unlocking }, () => undefined, never)
    return { ports, wallet, sign, log: run.log }
  }

  const isLocked = (error: unknown) =>
    error instanceof ProtocolAbort && error.failure.kind === 'refused' && error.failure.what === 'locked'

  test('takes one passphrase for two signatures, where its person has chosen so', async () => {
    const { ports, wallet, sign } = await scene()
    const passphrase = bytes('quite a long phrase')
    await sign({ passphrase, keepMs: minute })
    assert.ok(passphrase.every((byte) => byte === 0))
    const { signatures } = await sign({ unlocked: true })
    assert.equal(signatures.length, 1)
    ports.unlocked.lock(wallet.walletId)
    await assert.rejects(sign({ unlocked: true }), isLocked)
  })

  test('is not possible after a signature that nothing was chosen for, and asks nobody', async () => {
    const { sign, log } = await scene()
    await sign({ passphrase: bytes('quite a long phrase') })
    log.length = 0
    await assert.rejects(sign({ unlocked: true }), isLocked)
    assert.ok(!log.includes('create sign'))
  })

  test('is not possible any more once the passphrase was changed', async () => {
    const { ports, wallet, sign } = await scene()
    await sign({ passphrase: bytes('quite a long phrase'), keepMs: minute })
    const secrets = { current: bytes('quite a long phrase'), next: bytes('another long phrase') }
    await changePassphrase(ports, wallet, secrets)
    await assert.rejects(sign({ unlocked: true }), isLocked)
  })

  test('is not kept by a wrong passphrase', async () => {
    const { sign } = await scene()
    await assert.rejects(sign({ passphrase: bytes('wrong'), keepMs: minute }))
    await assert.rejects(sign({ unlocked: true }), isLocked)
  })
})
