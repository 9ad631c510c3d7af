// npm run icons: draws the app's icons for home screens anew, from public/favicon.svg.
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chromium } from '@playwright/test'
import { browserArguments, ensureBrowser } from './browser.ts'

const folder = resolve(import.meta.dirname, '../public')

interface Icon {
  readonly name: string
  readonly pixels: number
  /**
   * Of the drawing, where the ground reaches to the edge because the system cuts the icon to its own shape. Of a maskable
   * icon what matters lies in a circle of 4/5 of its width; the drawing reaches to 0.87.
   */
  readonly scale?: number
}

const icons: readonly Icon[] = [
  { name: 'icon-192', pixels: 192 },
  { name: 'icon-512', pixels: 512 },
  { name: 'icon-maskable-512', pixels: 512, scale: 0.85 },
  { name: 'apple-touch-icon', pixels: 180, scale: 0.92 },
]

const drawn = readFileSync(join(folder, 'favicon.svg'), 'utf8')
const ground = '<rect width="64" height="64" rx="15" fill="#0f766e"/>'
if (!drawn.includes(ground)) throw new Error('favicon.svg has another ground')
const signOn = (scale: number) =>
  drawn
    .replace(
      ground,
      `<rect width="64" height="64" fill="#0f766e"/><g transform="translate(32 32) scale(${scale}) translate(-32 -32)">`,
    )
    .replace('</svg>', '</g></svg>')

const browser = await chromium.launch({ executablePath: await ensureBrowser(), args: browserArguments })
for (const { name, pixels, scale } of icons) {
  const page = await browser.newPage({ viewport: { width: pixels, height: pixels } })
  await page.setContent(`<body style="margin:0">${scale === undefined ? drawn : signOn(scale)}</body>`)
  writeFileSync(join(folder, `${name}.png`), await page.screenshot({ omitBackground: true }))
  await page.close()
}
await browser.close()
