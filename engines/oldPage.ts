import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { serveWebApp } from '../coordinator-stub/http/webApp.ts'
import { securityHeaders } from '../files/appHeaders.ts'
import { temporaryFolder } from '../testkit/harness.ts'
import { type EngineName, openBrowser } from './engines.ts'
import { pageOf } from './page.ts'

/** What a page of an older engine lacks, and what it is told. */
const takings = [
  ['delete Promise.withResolvers', 'Promise.withResolvers'],
  ['delete Array.prototype.toSorted', 'Array.prototype.toSorted'],
  ["Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })", 'Web Locks'],
  ['WebAssembly.validate = function () { return false }', 'WebAssembly SIMD'],
] as const

/** The built app in a page that takes features away before it starts: it says which, and asks for nothing. */
export async function toldOfAge(engine: EngineName): Promise<void> {
  await using folder = await temporaryFolder()
  cpSync(resolve(import.meta.dirname, '../dist'), folder.path, {
    recursive: true,
    filter: (path) => !/\.(br|gz)$/.test(path),
  })
  const index = join(folder.path, 'index.html')
  const old = takings.map(([code]) => `${code};`).join('\n')
  writeFileSync(join(folder.path, 'old.js'), old)
  const hash = createHash('sha384').update(old).digest('base64')
  const first = `<head><script src="/old.js" crossorigin integrity="sha384-${hash}"></script>`
  writeFileSync(index, readFileSync(index, 'utf8').replace('<head>', first))
  const serve = serveWebApp({ folder: folder.path, documents: { '/quorate.json': () => '{"serverParties":[]}' } })
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
    void serve(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await using browser = await openBrowser(engine, { isPhone: true })
    const page = pageOf(browser.driver)
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/#/create`)
    await page.see('heading', 'This browser is too old for Quorate')
    const said = await page.text()
    for (const [, name] of takings) assert.ok(said.includes(name), `${name} is named in: ${said}`)
    assert.match(said, /Nothing was changed/)
    const fields = 'return document.querySelectorAll("input").length'
    assert.equal(await browser.driver.executeScript<number>(fields), 0)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
