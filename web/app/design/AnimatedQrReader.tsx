import { useRef, useState } from 'react'
import type { BytesReading } from '../../../tss-wasm/content/ur/typed.ts'
import { QrReader } from './QrReader.tsx'
import { useTexts } from '../texts/useTexts.tsx'

interface AnimatedQrReaderProps {
  readonly collect: () => (text: string) => BytesReading
  readonly onBytes: (bytes: Uint8Array) => void
  /** Said of a code that is of something else. */
  readonly foreign: string
}

/** Frames of an animated code come in any order, and some never: the reader says how much is there. */
export function AnimatedQrReader({ collect, onBytes, foreign }: AnimatedQrReaderProps) {
  const { sign } = useTexts()
  const collector = useRef<(text: string) => BytesReading>(undefined)
  const [progress, setProgress] = useState<number>()
  const [isForeign, setForeign] = useState(false)
  const take = (code: string) => {
    collector.current ??= collect()
    const reading = collector.current(code)
    setForeign(reading.progress === 0 || (reading.progress === 1 && reading.bytes === undefined))
    setProgress(reading.progress)
    if (reading.bytes === undefined) return 'more'
    collector.current = undefined
    onBytes(reading.bytes)
    return undefined
  }
  const isUnderWay = progress !== undefined && progress > 0 && progress < 1
  return (
    <div className="grid gap-1.5">
      <p className="text-sm font-medium">{sign.psbtScan}</p>
      <QrReader onText={take} />
      {isUnderWay && (
        <p role="status" className="text-sm text-muted">
          {sign.psbtScanning(`${Math.floor(100 * progress)} %`)}
        </p>
      )}
      {isForeign && (
        <p role="alert" className="text-sm font-medium text-bad">
          {foreign}
        </p>
      )}
    </div>
  )
}
