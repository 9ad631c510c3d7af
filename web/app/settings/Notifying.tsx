import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { useTexts } from '../texts/useTexts.tsx'

/** Whether the system may tell of requests; asked by a click only. Nothing where the browser has no such thing. */
export function Notifying() {
  const { told } = useTexts()
  const [permission, setPermission] = useState(() =>
    'Notification' in globalThis ? Notification.permission : undefined,
  )
  if (permission === undefined) return null
  return (
    <Card title={told.title}>
      <p className="text-muted">{told[permission]}</p>
      {permission === 'default' && (
        <Button className="mt-3" onClick={() => void Notification.requestPermission().then(setPermission)}>
          {told.allow}
        </Button>
      )}
    </Card>
  )
}
