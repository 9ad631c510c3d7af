import { useEffect, useRef } from 'react'
import { toast } from '../../state/toasts.ts'
import { useWaiting } from '../../state/waiting.ts'
import { useCommands } from '../commands/useCommands.ts'
import { useTexts } from '../texts/useTexts.tsx'

const betweenLooksMs = 30_000

/**
 * Tells of a request that comes while somebody looks elsewhere: in a line on the page and, where the person has allowed it
 * and the page is out of sight, by the system. Neither says of which wallet, or what: whoever passes by reads it too.
 */
export function useBeingTold(): void {
  const { told } = useTexts()
  const commands = useCommands()
  const waiting = useWaiting()
  const before = useRef(0)
  useEffect(() => {
    if (waiting > before.current) {
      toast(told.waits)
      notify(told.waits)
    }
    before.current = waiting
  }, [waiting, told])
  const isAny = waiting > 0
  useEffect(() => {
    if (!isAny) return undefined
    // What others have answered meanwhile, or what is over, is counted no longer.
    const timer = setInterval(() => void commands.refreshRequests(), betweenLooksMs)
    return () => {
      clearInterval(timer)
    }
  }, [commands, isAny])
}

function notify(text: string): void {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted' || !document.hidden) return
  try {
    const shown = new Notification('Quorate', { body: text, tag: 'quorate-request' })
    shown.onclick = () => {
      window.focus()
      shown.close()
    }
  } catch {
    // phones show none without a push service, which would learn of every request
  }
}
