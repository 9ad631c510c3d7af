import { after, before, test } from 'node:test'
import { type LocalApp, startLocalApp } from '../../e2e/localApp.ts'
import { engines, isInstalled } from '../engines.ts'
import { toldOfAge } from '../oldPage.ts'
import { toldBefore, windows } from '../windows.ts'

// Private windows, browsers that may store nothing, old engines: what happens to the share is said before a passphrase is typed.

let app: LocalApp
before(async () => {
  app = await startLocalApp()
})
after(() => app[Symbol.asyncDispose]())

for (const window of windows) {
  const engine = engines.find(({ name }) => name === window.engine)
  const skip =
    (engine === undefined || !isInstalled(engine)) && `NOT TESTED: install ${engine?.packages ?? window.engine}`
  test(`${window.engine}, ${window.mode}: the page says that storing is ${window.says}`, { skip }, async () => {
    await toldBefore(window, app.url)
  })
}

for (const engine of engines) {
  const skip = !isInstalled(engine) && `NOT TESTED: install ${engine.packages}`
  test(`an old ${engine.name} names its missing features, and says that nothing was changed`, { skip }, async () => {
    await toldOfAge(engine.name)
  })
}
