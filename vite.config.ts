import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { appManifest } from './scripts/appManifest.ts'
import { bootScript } from './scripts/bootScript.ts'
import { compressed } from './scripts/compressed.ts'
import { integrity } from './scripts/integrity.ts'

const coordinator = process.env['QUORATE_COORDINATOR'] ?? 'http://localhost:8080'

// One bundle for browser and desktop. Nothing is inlined, so that the page runs under default-src 'self' and
// script-src 'self' 'wasm-unsafe-eval': no inline script or style, no data: URL.
export default defineConfig({
  root: 'web',
  publicDir: '../public',
  plugins: [react(), tailwindcss(), bootScript(), integrity(), appManifest(), compressed()],
  worker: { format: 'es' },
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      checks: { bundlerTimings: false }, // how long plugins took is for whoever works on them
      // What the first page needs comes as one file: each file of its own costs a kilobyte of headers, and compresses worse.
      output: { codeSplitting: { groups: [{ name: 'start', tags: ['$initial'] }] } },
      onLog(level, log, report) {
        // @hpke/common asks Node for WebCrypto only where the platform has none; browsers do.
        if (!(log.message.includes('@hpke/common') && log.message.includes('externalized'))) report(level, log)
      },
    },
    chunkSizeWarningLimit: 1200, // the dictionaries of the strength meter, loaded with the first key stroke
  },
  server: {
    fs: { allow: ['..'] },
    proxy: { '/quorate.v1.': coordinator, '/quorate.json': coordinator },
  },
})
