import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { usePreferences } from '../state/preferences.ts'
import { App } from './App.tsx'
import { CommandsContext, createCommands, type CommandPorts } from './commands.ts'

/** Puts the app on the page and reads what is stored; the search for pre-parameters begins when the page is idle. */
export async function startApp(root: Element, ports: CommandPorts): Promise<void> {
  const commands = createCommands(ports)
  usePreferences.setState(ports.preferences.load())
  createRoot(root).render(
    <StrictMode>
      <CommandsContext value={commands}>
        <App />
      </CommandsContext>
    </StrictMode>,
  )
  addEventListener('focus', () => void commands.loadWallets()) // another window may have changed them
  await Promise.all([commands.loadWallets(), commands.loadServerParties()])
  await commands.settle()
  void commands.watchRequests()
  await commands.prepare()
}
