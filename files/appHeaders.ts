// What the app's answers say to the browser, from wherever the app is served: a coordinator, an origin of its own, the desktop.
import { createHash } from 'node:crypto'

/** Every answer carries these, be it a file, a call's or a refusal. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(self), clipboard-write=(self), geolocation=(), microphone=(), payment=(), usb=()',
}

/** As the build writes it (scripts/integrity.ts). */
const importMap = /<script type="importmap">([^<]+)<\/script>/

/**
 * The engine needs wasm; nothing needs inline script, eval or other hosts, but the nodes that the operator lists. The one
 * inline element is the import map, named by its hash. Text becomes code in one place, tss-wasm/trustedWorker.web.ts.
 * @param page the text of the app's index page
 * @param origins that the page may connect to beside its own
 */
export function contentSecurityPolicy(page: string, origins: readonly string[] = []): string {
  const map = importMap.exec(page)?.[1]
  const hash = map === undefined ? [] : [`'sha256-${createHash('sha256').update(map).digest('base64')}'`]
  return [
    "default-src 'none'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...hash].join(' '),
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    ["connect-src 'self'", ...origins].join(' '),
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types quorate-workers',
  ].join('; ')
}

/**
 * The Integrity-Policy of a page: no script runs in it unless its tag or the import map says what its bytes are. Styles are
 * not in it, because Chromium knows no such destination and complains of it.
 */
export const integrityPolicy = 'blocked-destinations=(script)'

/** WebKit 2.50 has the policy, and blocks what a page imports even where the import map says what its bytes are. */
export function canStartUnderIntegrityPolicy(userAgent: string): boolean {
  return !userAgent.includes('AppleWebKit/') || /Chrom(e|ium)\//.test(userAgent)
}
