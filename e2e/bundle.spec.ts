import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from '@playwright/test'
import { serveWebApp } from '../coordinator-stub/http/webApp.ts'
import { securityHeaders } from '../files/appHeaders.ts'
import { bundleSizes } from '../scripts/bundleSizes.ts'

// The built app as files: what it weighs, and that what the page names is nailed down.

const dist = resolve(import.meta.dirname, '../dist')

test('the first page takes less than 350 kB over the wire', () => {
  const { firstPaint, rest } = bundleSizes(dist)
  const gzipped = firstPaint.reduce((sum, file) => sum + file.gzipped, 0)
  console.log(`first page: ${(gzipped / 1000).toFixed(0)} kB gzipped in ${firstPaint.length} files`)
  expect(gzipped).toBeLessThan(350_000)
  expect(rest.map(({ name }) => name).filter((name) => /^zhHan[ts]-.*\.js$/.test(name))).toHaveLength(2)
})

const integrityOf = (file: string) => {
  const hash = createHash('sha384').update(readFileSync(join(dist, file)))
  return `sha384-${hash.digest('base64')}`
}

test('every script and style of the page carries the hash of its bytes, and so does every script that is loaded later', () => {
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  const tags = [...html.matchAll(/<(?:script|link)[^>]*"\/(assets\/[^"]+\.(?:js|css))"[^>]*>/g)]
  expect(tags.length).toBeGreaterThan(1)
  for (const [tag, file = ''] of tags) {
    expect(tag).toContain(`integrity="${integrityOf(file)}"`)
    expect(tag).toContain('crossorigin')
  }
  const [map = '', ...others] = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([^<]*)/g)].map(([, inline]) => inline)
  expect(others, 'one inline element, the import map').toEqual([])
  const later = (JSON.parse(map) as { integrity: Record<string, string> }).integrity
  const scripts = readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.js'))
  expect(Object.keys(later).sort()).toEqual(scripts.map((name) => `/assets/${name}`).sort())
  for (const [path, hash] of Object.entries(later)) expect(hash, path).toBe(integrityOf(path))
  expect(html).not.toMatch(/<style|\bon\w+=|javascript:/)
})

test('the page runs under the headers it is served with, and asks nobody else for anything', async ({ page }) => {
  const documents = { '/quorate.json': () => '{"serverParties":[]}' }
  const complaints: string[] = []
  const serve = serveWebApp({ folder: dist, documents })
  const server = createServer((request, response) => {
    if (request.url === '/violations') void text(request).then((report) => complaints.push(report))
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
    const setHeader = response.setHeader.bind(response)
    response.setHeader = (name, value) =>
      setHeader(name, name === 'content-security-policy' ? `${String(value)}; report-uri /violations` : value) // workers' too
    void serve(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const requested: string[] = []
    page.on('request', (request) => requested.push(request.url()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (/Content Security Policy|integrity|violat/i.test(message.text())) complaints.push(message.text())
    })
    await page.goto(`${url}/#/settings`)
    await expect(page.getByTestId('kernel')).toHaveAttribute('data-kernel', /relaxed-simd|portable/) // its workers too
    await page.goto(`${url}/#/create`)
    await page.getByLabel('Passphrase', { exact: true }).fill('river copper lantern walk')
    await expect(page.getByTestId('strength')).toContainText('very hard to guess')
    await page.goto(`${url}/#/settings`)
    await page.getByLabel('Language').selectOption('繁體中文')
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hant')
    expect(requested.filter((asked) => !asked.startsWith(url) && !/^(data|blob):/.test(asked))).toEqual([])
    expect(complaints).toEqual([])

    // Text that did not come through the app's one policy becomes no code.
    const made = await page.evaluate(() => {
      const attempts = {
        worker: () => new Worker('/assets/any.js'),
        markup: () => (document.createElement('div').innerHTML = '<img>'),
        policy: () =>
          (globalThis as { trustedTypes?: { createPolicy(n: string, r: object): unknown } }).trustedTypes?.createPolicy(
            'another',
            {},
          ),
      }
      return Object.entries(attempts).filter(([, attempt]) => {
        try {
          attempt()
          return true
        } catch {
          return false
        }
      })
    })
    expect(made).toEqual([])
    await expect.poll(() => complaints.some((complaint) => complaint.includes('"violated-directive"'))).toBe(true)
  } finally {
    server.close()
  }
})
