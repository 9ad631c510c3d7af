import { usePreferences } from '../../state/preferences.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Field } from '../design/Field.tsx'
import { languageFor, languageNames, languages } from '../texts/languages.ts'
import { useTexts } from '../texts/useTexts.tsx'

/** Each language in its own words, so that it is found by somebody who reads no other. */
export function LanguageChoice({ className = '' }: { readonly className?: string }) {
  const { app } = useTexts()
  const commands = useCommands()
  const language = usePreferences((state) => state.language) ?? languageFor(navigator.languages)
  return (
    <Field label={app.language}>
      {({ className: look, ...control }) => (
        <select
          {...control}
          className={`${look} ${className}`}
          value={language}
          onChange={({ target }) => {
            commands.prefer({ language: languages.find((known) => known === target.value) })
          }}
        >
          {languages.map((known) => (
            <option key={known} value={known} lang={known}>
              {languageNames[known]}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
