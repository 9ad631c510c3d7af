import { useEffect, useMemo, useState } from 'react'
import { psbtFrames } from '../../../tss-wasm/content/ur/psbtUr.ts'
import { QrCode } from '../design/QrCode.tsx'
import { Summary } from '../design/Summary.tsx'
import { useTexts } from '../texts/useTexts.tsx'

/** Slow enough for a camera that takes a few pictures a second. */
const betweenFramesMs = 250

/** A PSBT for the camera of another program (`ur:crypto-psbt`): shown when somebody asks for it, for as long as it is open. */
export function AnimatedPsbt({ psbt }: { readonly psbt: Uint8Array }) {
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
      {isOpen && <Frames psbt={psbt} />}
    </details>
  )
}

function Frames({ psbt }: { readonly psbt: Uint8Array }) {
  const { signed } = useTexts()
  const frames = useMemo(() => psbtFrames(psbt), [psbt])
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
      <QrCode text={frames.at(at)} label={signed.qr(signed.psbt)} className="mt-3 size-72 max-w-full" />
      {frames.count > 1 && (
        <p className="mt-1 text-sm text-muted">{signed.frame((at + 1).toString(), frames.count.toString())}</p>
      )}
    </>
  )
}
