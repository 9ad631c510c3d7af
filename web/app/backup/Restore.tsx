import { useEffect, useRef, useState } from 'react'
import type { Outcome } from '../../../tss-wasm/failure.ts'
import type { ShareSource } from '../../../tss-wasm/worker/api.ts'
import type { OpenedShareFile } from '../../jobs/restore.ts'
import { useOpenedFile } from '../../state/openedFile.ts'
import { BackLink } from '../design/BackLink.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { FailureView } from '../ceremony/FailureView.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { RestoreFound } from './RestoreFound.tsx'
import { RestoreSource } from './RestoreSource.tsx'
import { hrefs } from '../route.ts'
import { useTexts } from '../texts/useTexts.tsx'

/** A file and what opens it; then, everything checked, what was found in it; then a passphrase for this device. */
export default function Restore() {
  const { app, restore } = useTexts()
  const commands = useCommands()
  const [seen, setSeen] = useState<Outcome<OpenedShareFile> | 'opening'>()
  const held = useHeld()
  const open = async (source: ShareSource) => {
    setSeen('opening')
    const opened = await commands.openShareFile(source)
    if (held.take(opened)) setSeen(opened)
  }
  const again = () => {
    held.release()
    useOpenedFile.setState({ file: undefined })
    setSeen(undefined)
  }
  if (seen !== undefined && seen !== 'opening' && seen.ok) return <RestoreFound opened={seen.value} onAgain={again} />
  return (
    <div className="grid gap-5">
      <BackLink href={hrefs.wallets}>{app.wallets}</BackLink>
      <PageTitle>{restore.title}</PageTitle>
      <p className="text-muted">{restore.lead}</p>
      {seen !== undefined && seen !== 'opening' && <FailureView failure={seen.failure} kind="other" />}
      <RestoreSource isOpening={seen === 'opening'} onOpen={(source) => void open(source)} />
    </div>
  )
}

/** The worker that holds an opened share ends when the screen does, or when another file is taken. */
function useHeld() {
  const current = useRef<OpenedShareFile>(undefined)
  const isShown = useRef(true)
  const release = () => {
    current.current?.[Symbol.dispose]()
    current.current = undefined
  }
  useEffect(() => {
    isShown.current = true
    return () => {
      isShown.current = false
      release()
    }
  }, [])
  return {
    release,
    /** @returns whether there is still a screen to show it */
    take(opened: Outcome<OpenedShareFile>): boolean {
      release()
      if (opened.ok) current.current = opened.value
      if (!isShown.current) release()
      return isShown.current
    },
  }
}
