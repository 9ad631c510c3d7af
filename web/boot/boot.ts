// The first script of the page, one small classic file that every engine can read: it runs before the app's modules, which
// an old engine could not even parse. It adds what has a fall-back and says what is missing where there is none.
import '../../tss-wasm/disposal.web.ts'
import { missingFeatures } from './features.ts'
import { showTheme } from './theme.ts'
import { showUnsupported } from './unsupported.ts'

showTheme(document, () => localStorage.getItem('quorate.preferences'))

// An address without HTTPS lacks some of it, too; the app has its own screen for that.
const missing = isSecureContext ? missingFeatures(globalThis) : []
if (missing.length > 0) {
  document.addEventListener('DOMContentLoaded', () => {
    showUnsupported(document, missing)
  })
}
