import { useEffect, useState } from 'react'
import { useCommands } from '../commands/useCommands.ts'
import { Notice } from '../design/Notice.tsx'
import { useTexts } from '../texts/useTexts.tsx'

/**
 * Asks the browser to keep what is stored, now that there is something to keep, and shows what it said. Some browsers ask
 * their person first: until there is an answer, the notice says so.
 */
export function StorageNotice() {
  const { settings, created } = useTexts()
  const commands = useCommands()
  const [isPersistent, setPersistent] = useState<boolean>()
  useEffect(() => {
    let isShown = true
    void commands.persist().then((promised) => {
      if (isShown) setPersistent(promised)
    })
    return () => {
      isShown = false
    }
  }, [commands])
  if (isPersistent === true) return null
  return (
    <Notice tone="warn" role="status" title={settings.evictable}>
      <p>{isPersistent === undefined ? created.asking : created.evictable}</p>
    </Notice>
  )
}
