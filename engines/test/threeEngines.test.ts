import { test } from 'node:test'
import { startLocalApp } from '../../e2e/localApp.ts'
import { engines, isInstalled } from '../engines.ts'
import { threePeople } from '../threeEngines.ts'

const missing = engines.filter((engine) => !isInstalled(engine))
const skip = missing.length > 0 && `NOT TESTED together: install ${missing.map(({ packages }) => packages).join('; ')}`
test('three people in three engines share one wallet, and any two of them sign', { skip }, async () => {
  await using app = await startLocalApp()
  await threePeople(['firefox', 'webkit', 'chromium'], app.url)
})
