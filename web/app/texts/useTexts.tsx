import { createContext, use, useEffect, useState, type ReactNode } from 'react'
import { usePreferences } from '../../state/preferences.ts'
import { toast } from '../../state/toasts.ts'
import { en, type Texts } from './en.ts'
import { languageFor, loadTexts } from './languages.ts'

const TextsContext = createContext<Texts>(en)

export function useTexts(): Texts {
  return use(TextsContext)
}

/** Follows the person's choice of language; until another one is loaded the page stays in the one it has. */
export function TextsProvider({ initial, children }: { readonly initial: Texts; readonly children: ReactNode }) {
  const language = usePreferences((state) => state.language) ?? languageFor(navigator.languages)
  const [texts, setTexts] = useState(initial)
  useEffect(() => {
    let isCurrent = true
    const show = async () => {
      try {
        const loaded = await loadTexts(language)
        if (isCurrent) setTexts(loaded)
      } catch {
        if (isCurrent) toast(initial.app.languageFailed)
      }
    }
    void show()
    return () => {
      isCurrent = false
    }
  }, [language, initial])
  useEffect(() => {
    document.documentElement.lang = texts.language
  }, [texts])
  return <TextsContext value={texts}>{children}</TextsContext>
}
