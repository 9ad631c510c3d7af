/** The colours of the page before the app is there, so that nobody who works in the dark sees a flash of white. */
export function showTheme(page: Document, stored: () => string | null): void {
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches
  page.documentElement.setAttribute('data-theme', chosen(stored) ?? (isDark ? 'dark' : 'light'))
}

/** As preferences.ts keeps it; what cannot be read is no choice. */
function chosen(stored: () => string | null): string | undefined {
  try {
    const { theme } = JSON.parse(stored() ?? '{}') as { readonly theme?: unknown }
    return theme === 'dark' || theme === 'light' ? theme : undefined
  } catch {
    return undefined
  }
}
