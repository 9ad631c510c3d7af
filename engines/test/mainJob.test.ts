import { after, before, describe, test } from 'node:test'
import { type LocalApp, startLocalApp } from '../../e2e/localApp.ts'
import { temporaryFolder } from '../../testkit/harness.ts'
import { engines, isInstalled } from '../engines.ts'
import { mainJob } from '../mainJob.ts'

/** DEEP=1 does it in Chromium, too, in which npm test does it by Playwright: e2e/mainJob.spec.ts. */
const isDeep = process.env['DEEP'] === '1'

let app: LocalApp
before(async () => {
  app = await startLocalApp()
})
after(() => app[Symbol.asyncDispose]())

// Side by side: an engine waits for its pages, and for the server parties, about half of the time.
describe('the whole main job, as people have the engine', { concurrency: true }, () => {
  for (const engine of engines.filter(({ name }) => isDeep || name !== 'chromium')) {
    const skip = !isInstalled(engine) && `NOT TESTED in ${engine.name}: install ${engine.packages}`
    test(`works in ${engine.name}`, { skip }, async () => {
      await using folder = await temporaryFolder()
      const { version, kernel, keygenMs, signMs } = await mainJob(engine.name, app.url, folder.path, {
        searches: isDeep,
      })
      const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`
      console.log(`${engine.name} ${version}, ${kernel}: keygen ${seconds(keygenMs)}, sign ${seconds(signMs)}`)
    })
  }
})
