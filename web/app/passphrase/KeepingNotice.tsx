import { useEffect, useState } from 'react'
import type { Keeping } from '../../platform/platform.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Notice } from '../design/Notice.tsx'
import { useTexts } from '../texts/useTexts.tsx'

/** Before a share is stored here: what will become of it. Nothing where the browser has promised to keep it. */
export function KeepingNotice() {
  const { keeping: texts } = useTexts()
  const commands = useCommands()
  const [keeping, setKeeping] = useState<Keeping>('promised')
  useEffect(() => {
    let isShown = true
    void commands.keeping().then((found) => {
      if (isShown) setKeeping(found)
    })
    return () => {
      isShown = false
    }
  }, [commands])
  if (keeping === 'promised') return null
  const isPrivate = keeping === 'until-closed'
  return (
    <div data-testid="keeping" data-keeping={keeping}>
      <Notice tone={isPrivate ? 'bad' : 'info'} title={isPrivate ? texts.privateTitle : texts.title}>
        <p>{isPrivate ? texts.privateText : texts.text}</p>
      </Notice>
    </div>
  )
}
