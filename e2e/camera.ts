import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Browser } from '@playwright/test'
import { encodeQR } from 'qr'
import { browserArguments } from '../scripts/browser.ts'

/** A browser whose camera looks at these QR codes, one after the other, over and over. */
export async function inFrontOf(codes: readonly string[], folder: string): Promise<Browser> {
  const video = join(folder, 'camera.y4m')
  await writeFile(video, filmOf(codes))
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      ...browserArguments,
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${video}`,
    ],
  })
}

const [width, height] = [640, 480]

/** YUV4MPEG2: frames of grey pixels, a luma plane, then two chroma planes of a quarter of it. At least two, which Chromium asks for. */
function filmOf(codes: readonly string[]): Uint8Array {
  const shown = codes.length === 1 ? [...codes, ...codes] : codes
  const frames = shown.flatMap((code) => [
    Buffer.from('FRAME\n'),
    lumaOf(code),
    Buffer.alloc((width * height) / 2, 128),
  ])
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F4:1 Ip A1:1 C420\n`), ...frames])
}

function lumaOf(code: string): Buffer {
  const rows = encodeQR(code, 'raw', { ecc: 'low', border: 4 })
  const scale = Math.floor(height / rows.length)
  const luma = Buffer.alloc(width * height, 235)
  rows.forEach((row, y) => {
    row.forEach((dark, x) => {
      for (let line = 0; dark && line < scale; line += 1) {
        const from = (y * scale + line) * width + x * scale
        luma.fill(16, from, from + scale)
      }
    })
  })
  return luma
}
