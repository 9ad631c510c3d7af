import { useEffect, useState } from 'react'
import { isRunning, useCeremony } from '../../state/ceremony.ts'
import { nothingJoining, useJoining } from '../../state/joining.ts'
import { usePreferences } from '../../state/preferences.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { useTexts } from '../texts/useTexts.tsx'

const minute = 60_000
const signsOfLife = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

/**
 * Whether nobody has been here for as long as the person has set. Shares are opened for one job in a worker that ends with
 * it, so what there is to lock is what was typed: whoever shows another screen instead drops it.
 */
export function useIdleLock(): readonly [isLocked: boolean, open: () => void] {
  const minutes = usePreferences((state) => state.lockAfterMinutes)
  const [isLocked, setLocked] = useState(false)
  useEffect(() => {
    if (minutes === 0 || isLocked) return undefined
    let lastMs = Date.now()
    const alive = () => {
      if (Date.now() - lastMs < minutes * minute)
        lastMs = Date.now() // too late once the time is up
      else lock()
    }
    const lock = () => {
      useJoining.setState(nothingJoining)
      setLocked(true)
    }
    const look = () => {
      if (Date.now() - lastMs >= minutes * minute) lock()
    }
    const timer = setInterval(look, 1000)
    for (const sign of signsOfLife) addEventListener(sign, alive, { passive: true })
    addEventListener('visibilitychange', look) // timers rest with the machine
    return () => {
      clearInterval(timer)
      for (const sign of signsOfLife) removeEventListener(sign, alive)
      removeEventListener('visibilitychange', look)
    }
  }, [minutes, isLocked])
  return [
    isLocked,
    () => {
      setLocked(false)
    },
  ]
}

export function Locked({ onOpen }: { readonly onOpen: () => void }) {
  const { locked } = useTexts()
  const running = useCeremony((state) => isRunning(state.current))
  return (
    <Card>
      <div className="grid gap-3" role="status" data-testid="locked">
        <PageTitle takesFocus>{locked.title}</PageTitle>
        <p>{locked.text}</p>
        {running && <p>{locked.running}</p>}
        <Button look="primary" className="mt-2 justify-self-start" onClick={onOpen}>
          {locked.open}
        </Button>
      </div>
    </Card>
  )
}
