import { createContext, use } from 'react'
import type { Commands } from './commands.ts'

export const CommandsContext = createContext<Commands | undefined>(undefined)

export function useCommands(): Commands {
  const commands = use(CommandsContext)
  if (commands === undefined) throw new Error('commands are provided in main.tsx')
  return commands
}
