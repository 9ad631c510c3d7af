import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from '@playwright/test'
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

test('every script and style of the page carries the hash of its bytes', () => {
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  const tags = [...html.matchAll(/<(?:script|link)[^>]*"\/(assets\/[^"]+\.(?:js|css))"[^>]*>/g)]
  expect(tags.length).toBeGreaterThan(1)
  for (const [tag, file = ''] of tags) {
    const hash = createHash('sha384')
      .update(readFileSync(join(dist, file)))
      .digest('base64')
    expect(tag).toContain(`integrity="sha384-${hash}"`)
    expect(tag).toContain('crossorigin')
  }
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bon\w+=|javascript:/)
})
