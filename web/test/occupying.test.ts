import assert from 'node:assert/strict'
import { test } from 'node:test'
import { occupying } from '../app/commands/occupying.ts'
import { browserWalletLocks } from '../platform/browser/walletLocks.ts'
import { useOccupied, type Occupation } from '../state/occupied.ts'

const never = new AbortController().signal

/** Resolves once the wallet is in that state here. */
async function until(wanted: Occupation): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const look = () => {
    if (useOccupied.getState()['a wallet'] === wanted) resolve(undefined)
  }
  const stop = useOccupied.subscribe(look)
  look()
  await promise
  stop()
}

test('a wallet that another tab has taken is this tab’s again once the other is gone', async () => {
  const walletLocks = browserWalletLocks()
  const locked: (string | undefined)[] = []
  const unlocked = { open: () => undefined, keep: () => undefined, lock: (id?: string) => void locked.push(id) }
  const nothingRuns = { run: () => Promise.resolve(), cancel: () => undefined, dismiss: () => undefined }
  const { occupy } = occupying({ walletLocks, unlocked }, nothingRuns)
  occupy(['a wallet'])
  await until('here')
  const other = await walletLocks.acquire('a wallet', 'take', never, () => undefined)
  await until('taken')
  assert.deepEqual(locked, ['a wallet'], 'nothing stays unlocked in a tab that does not work with it')
  other[Symbol.dispose]()
  await until('here')
  occupy([])
  assert.deepEqual(useOccupied.getState(), {})
})
