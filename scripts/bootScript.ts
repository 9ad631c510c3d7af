// web/boot/boot.ts becomes one classic script in the syntax of 2015, the first that the page runs. A plugin for Vite.
import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import type { Plugin } from 'vite'
import { classicScript } from './classicScript.ts'

const entry = resolve(import.meta.dirname, '../web/boot/boot.ts')

export function bootScript(): Plugin {
  let file = ''
  return {
    name: 'quorate-boot',
    async generateBundle() {
      const source = await classicScript({ entry, target: 'es2015', name: 'quorateBoot' })
      file = `assets/boot-${createHash('sha256').update(source).digest('base64url').slice(0, 8)}.js`
      this.emitFile({ type: 'asset', fileName: file, source })
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { server }) {
        const attrs =
          server === undefined ? { src: `/${file}`, crossorigin: true } : { type: 'module', src: '/boot/boot.ts' }
        return [{ tag: 'script', attrs, injectTo: 'head-prepend' }]
      },
    },
  }
}
