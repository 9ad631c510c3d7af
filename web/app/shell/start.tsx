import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { canComeAgain, useCeremony } from '../../state/ceremony.ts'
import { mustChooseCoordinator } from '../../state/coordinators.ts'
import { usePreferences } from '../../state/preferences.ts'
import { App } from './App.tsx'
import { en } from '../texts/en.ts'
import { languageFor, loadTexts } from '../texts/languages.ts'
import { TextsProvider } from '../texts/useTexts.tsx'
import type { CommandPorts } from '../commands/commands.ts'
import { createCommands } from '../commands/createCommands.ts'
import { CommandsContext } from '../commands/useCommands.ts'

/** Puts the app on the page and reads what is stored; the search for pre-parameters begins when the page is idle. */
export async function startApp(root: Element, ports: CommandPorts): Promise<void> {
  const commands = createCommands(ports)
  const preferences = ports.preferences.load()
  usePreferences.setState(preferences)
  const language = preferences.language ?? languageFor(navigator.languages)
  const texts = await loadTexts(language).catch(() => en) // rather in English than not at all
  createRoot(root).render(
    <StrictMode>
      <CommandsContext value={commands}>
        <TextsProvider initial={texts}>
          <App />
        </TextsProvider>
      </CommandsContext>
    </StrictMode>,
  )
  if (!isSecureContext) return // the screen says why
  addEventListener('focus', () => void commands.loadWallets()) // another window may have changed them
  addEventListener('storage', () => {
    usePreferences.setState(ports.preferences.load(), true) // another window has changed them
  })
  addEventListener('pagehide', () => {
    const { current } = useCeremony.getState()
    if (current !== undefined && !canComeAgain(current)) commands.cancel() // nobody goes on waiting for a tab that is gone
  })
  addEventListener('online', () => void commands.watchRequests())
  void commands.checkVersion()
  await Promise.all([
    commands.loadWallets(),
    commands.loadPasskeys(),
    commands.loadServerParties(),
    commands.loadCoordinators(),
  ])
  if (!mustChooseCoordinator()) {
    await commands.settle()
    void commands.watchRequests()
  }
  await commands.prepare()
}
