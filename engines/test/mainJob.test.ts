import { test } from 'node:test'
import { startLocalApp } from '../../e2e/localApp.ts'
import { temporaryFolder } from '../../testkit/harness.ts'
import { engines, isInstalled } from '../engines.ts'
import { mainJob } from '../mainJob.ts'
import { threePeople } from '../threeEngines.ts'

// Chromium's main job is e2e/mainJob.spec.ts; here are the engines that Playwright does not drive as people have them.
for (const engine of engines.filter(({ name }) => name !== 'chromium')) {
  const skip = !isInstalled(engine) && `NOT TESTED in ${engine.name}: install ${engine.packages}`
  test(`the whole main job works in ${engine.name}`, { skip }, async () => {
    await using app = await startLocalApp({ roundDeadlineSeconds: 60 })
    await using folder = await temporaryFolder()
    const { version, kernel, keygenMs, signMs } = await mainJob(engine.name, app.url, folder.path)
    const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`
    console.log(`${engine.name} ${version}, ${kernel}: keygen ${seconds(keygenMs)}, sign ${seconds(signMs)}`)
  })
}

const missing = engines.filter((engine) => !isInstalled(engine))
const skip = missing.length > 0 && `NOT TESTED together: install ${missing.map(({ packages }) => packages).join('; ')}`
test('three people in three engines share one wallet, and any two of them sign', { skip }, async () => {
  await using app = await startLocalApp({ roundDeadlineSeconds: 60 })
  await threePeople(['firefox', 'webkit', 'chromium'], app.url)
})
