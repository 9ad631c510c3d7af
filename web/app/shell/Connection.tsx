import { useEffect, useState, useSyncExternalStore } from 'react'
import { isRunning, useCeremony } from '../../state/ceremony.ts'
import { useContact } from '../../state/contact.ts'
import { OfflineIcon } from '../design/icons.tsx'
import { useTexts } from '../texts/useTexts.tsx'

/** A coordinator that is started anew is back before anybody has to be told. */
const patienceMs = 5000

/**
 * Says when the device has no network, or the coordinator does not answer, and what that means for what is under way; or
 * that it tells us of no requests. Always there, so that it is read out.
 */
export function Connection() {
  const { app } = useTexts()
  const isOnline = useSyncExternalStore(subscribe, () => navigator.onLine)
  const { isLost, isRefused } = useContact()
  const isSilent = useLasting(isOnline && isLost, patienceMs)
  const running = useCeremony((state) => isRunning(state.current))
  const news = !isOnline
    ? [app.offline, running ? app.offlineRunning : app.offlineIdle]
    : isSilent
      ? [app.silent, running ? app.offlineRunning : app.silentIdle]
      : isRefused
        ? [app.unheard, app.unheardWhy]
        : undefined
  return (
    <div role="status" data-testid="connection" className="print:hidden">
      {news !== undefined && (
        <div className="bg-warn-soft">
          <p className="mx-auto flex w-full max-w-3xl items-center gap-2.5 px-page py-2.5 text-sm">
            <OfflineIcon className="size-5 text-warn" />
            <span>
              <strong className="font-semibold">{news[0]}</strong> {news[1]}
            </span>
          </p>
        </div>
      )}
    </div>
  )
}

function subscribe(onChange: () => void): () => void {
  addEventListener('online', onChange)
  addEventListener('offline', onChange)
  return () => {
    removeEventListener('online', onChange)
    removeEventListener('offline', onChange)
  }
}

/** Whether it has been so for that long without a break. */
function useLasting(isSo: boolean, milliseconds: number): boolean {
  const [hasLasted, setHasLasted] = useState(false)
  useEffect(() => {
    if (!isSo) return undefined
    const timer = setTimeout(setHasLasted, milliseconds, true)
    return () => {
      clearTimeout(timer)
      setHasLasted(false)
    }
  }, [isSo, milliseconds])
  return isSo && hasLasted
}
