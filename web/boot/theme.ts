export type Shade = 'dark' | 'light'

/** Of what the browser draws around the page, which goes on from the header: `--surface` in style.css. */
const around: Readonly<Record<Shade, string>> = { light: '#ffffff', dark: '#151e24' }

/** Draws the page, and the browser's bars around it, in the colours of one theme. */
export function paint(page: Document, shade: Shade): void {
  page.documentElement.setAttribute('data-theme', shade)
  Array.prototype.forEach.call(page.querySelectorAll('meta[name=theme-color]'), (meta: Element) => {
    meta.setAttribute('content', around[shade])
  })
}

/** The colours of the page before the app is there, so that nobody who works in the dark sees a flash of white. */
export function showTheme(page: Document, stored: () => string | null): void {
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches
  paint(page, chosen(stored) ?? (isDark ? 'dark' : 'light'))
}

/** As preferences.ts keeps it; what cannot be read is no choice. */
function chosen(stored: () => string | null): Shade | undefined {
  try {
    const { theme } = JSON.parse(stored() ?? '{}') as { readonly theme?: unknown }
    return theme === 'dark' || theme === 'light' ? theme : undefined
  } catch {
    return undefined
  }
}
