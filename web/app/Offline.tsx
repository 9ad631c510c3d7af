import { useSyncExternalStore } from 'react'
import { isRunning, useCeremony } from '../state/ceremony.ts'
import { OfflineIcon } from './design/icons.tsx'
import { useTexts } from './useTexts.tsx'

/** Says when the device has no network, and what that means for what is under way. Always there, so that it is read out. */
export function Offline() {
  const { app } = useTexts()
  const isOnline = useSyncExternalStore(subscribe, () => navigator.onLine)
  const running = useCeremony((state) => isRunning(state.current))
  return (
    <div role="status" data-testid="offline" className="print:hidden">
      {!isOnline && (
        <div className="bg-warn-soft">
          <p className="mx-auto flex w-full max-w-3xl items-center gap-2.5 px-4 py-2.5 text-sm sm:px-6">
            <OfflineIcon className="size-5 text-warn" />
            <span>
              <strong className="font-semibold">{app.offline}</strong> {running ? app.offlineRunning : app.offlineIdle}
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
