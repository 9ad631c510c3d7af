import { test } from 'node:test'
import { engines, isInstalled } from '../engines.ts'
import { hasEveryKey } from '../keys.ts'

// WebKitGTK 2.50.6 neither makes nor reads one key in 256 by itself.
for (const engine of engines) {
  const skip = !isInstalled(engine) && `NOT TESTED: install ${engine.packages}`
  test(
    `${engine.name} has every key that a person may have, and makes one whenever it is asked`,
    { skip },
    async () => {
      await hasEveryKey(engine.name)
    },
  )
}
