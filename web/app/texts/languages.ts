import type { Language } from '../../platform/preferences.ts'
import { en, type Texts } from './en.ts'

/** In their own words, for the choice of language. */
export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  'zh-Hant': '繁體中文',
  'zh-Hans': '简体中文',
}

export const languages = Object.keys(languageNames) as readonly Language[]

/** The first of the person's languages that there is; Chinese by script, or else by the region's custom. */
export function languageFor(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const [language, ...rest] = tag.toLowerCase().split('-')
    if (language === 'en') return 'en'
    if (language === 'zh') {
      const isTraditional =
        rest.includes('hant') || (!rest.includes('hans') && rest.some((part) => /^(tw|hk|mo)$/.test(part)))
      return isTraditional ? 'zh-Hant' : 'zh-Hans'
    }
  }
  return 'en'
}

/** English comes with the app; the others are loaded when they are wanted. Rejects where that fails. */
export async function loadTexts(language: Language): Promise<Texts> {
  switch (language) {
    case 'en':
      return en
    case 'zh-Hant':
      return (await import('./zhHant.ts')).zhHant
    case 'zh-Hans':
      return (await import('./zhHans.ts')).zhHans
  }
}
