import { useEffect, useMemo, useState } from 'react'
import type { Frames } from '../../../tss-wasm/content/ur/typed.ts'
import { QrCode } from './QrCode.tsx'
import { Summary } from './Summary.tsx'
import { useTexts } from '../texts/useTexts.tsx'

/** Slow enough for a camera that takes a few pictures a second. */
const betweenFramesMs = 250

interface AnimatedQrProps {
  readonly content: Uint8Array
  readonly framesOf: (content: Uint8Array) => Frames
  /** What it is of, for those who do not see it. */
  readonly what: string
}

/** Something for the camera of another device: shown when somebody asks for it, for as long as it is open. */
export function AnimatedQr({ content, framesOf, what }: AnimatedQrProps) {
  const { signed } = useTexts()
  const [isOpen, setOpen] = useState(false)
  return (
    <details
      className="mt-4 border-t border-line pt-3"
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open)
      }}
    >
      <Summary className="text-sm text-muted">{signed.showAnimated}</Summary>
      {isOpen && <Shown content={content} framesOf={framesOf} what={what} />}
    </details>
  )
}

function Shown({ content, framesOf, what }: AnimatedQrProps) {
  const { signed } = useTexts()
  const frames = useMemo(() => framesOf(content), [framesOf, content])
  const [at, setAt] = useState(0)
  useEffect(() => {
    if (frames.count === 1) return undefined
    const timer = setInterval(() => {
      setAt((before) => before + 1)
    }, betweenFramesMs)
    return () => {
      clearInterval(timer)
    }
  }, [frames])
  return (
    <>
      <QrCode text={frames.at(at)} label={signed.qr(what)} className="mt-3 size-72 max-w-full" />
      {frames.count > 1 && (
        <p className="mt-1 text-sm text-muted">{signed.frame((at + 1).toString(), frames.count.toString())}</p>
      )}
    </>
  )
}
