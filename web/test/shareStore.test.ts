import { suite, test } from 'node:test'
import { memoryShareStore, type Shelf } from './memoryStores.ts'
import { shareStoreContract } from './shareStoreContract.ts'

// The contract itself is tried on the store that the job tests stand on; Chromium runs it on IndexedDB.
suite('ShareStore in memory', () => {
  for (const promise of shareStoreContract) {
    test(promise.name, async () => {
      const shelf: Shelf = new Map()
      await promise.check(() => Promise.resolve(memoryShareStore(shelf)))
    })
  }
})
