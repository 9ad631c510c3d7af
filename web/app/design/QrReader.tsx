import { useEffect, useRef, useState } from 'react'
import { Button } from './Button.tsx'
import { useTexts } from '../texts/useTexts.tsx'

const largestSide = 1600
const betweenFramesMs = 100

/** Told of each code that is read. @returns 'more' to go on looking: an animated code is many */
type OnText = (text: string) => unknown

/** Reads a QR code from an image or the camera. Pictures stay on this device. */
export function QrReader({ onText }: { readonly onText: OnText }) {
  const { join } = useTexts()
  const [problem, setProblem] = useState<string>()
  const [isWatching, setIsWatching] = useState(false)
  const readImage = async (file: File | undefined) => {
    if (file === undefined) return
    setProblem(undefined)
    const text = await textIn(await createImageBitmap(file).catch(() => undefined))
    if (text === undefined) setProblem(join.noQr)
    else onText(text)
  }
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap gap-3">
        <label className="inline-flex min-h-11 cursor-pointer items-center rounded-xl border border-control bg-surface px-4 py-2 text-[0.95rem] font-medium hover:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
          {join.image}
          <input
            type="file"
            accept="image/*"
            className="sr-only"
            onChange={({ target }) => void readImage(target.files?.[0])}
          />
        </label>
        <Button
          onClick={() => {
            setProblem(undefined)
            setIsWatching(!isWatching)
          }}
        >
          {isWatching ? join.stopCamera : join.camera}
        </Button>
      </div>
      {isWatching && (
        <Camera
          onText={onText}
          onProblem={() => {
            setIsWatching(false)
            setProblem(join.noCamera)
          }}
        />
      )}
      {problem !== undefined && (
        <p role="alert" className="text-sm font-medium text-bad">
          {problem}
        </p>
      )}
    </div>
  )
}

interface CameraProps {
  readonly onText: OnText
  readonly onProblem: () => void
}

/** Looks at several frames a second, until it has read enough or is taken off the screen. */
function Camera({ onText, onProblem }: CameraProps) {
  const { join } = useTexts()
  const video = useRef<HTMLVideoElement>(null)
  const latest = useRef(onText)
  useEffect(() => {
    latest.current = onText
  }, [onText])
  useEffect(() => {
    const stopped = new AbortController()
    watchCamera(video.current, (text) => latest.current(text), stopped.signal).catch(() => {
      if (!stopped.signal.aborted) onProblem()
    })
    return () => {
      stopped.abort()
    }
    // The camera is opened once, whatever its screen is drawn again for.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [])
  return (
    <video
      ref={video}
      muted
      playsInline
      aria-label={join.cameraView}
      className="w-full max-w-96 rounded-xl bg-sunken"
    />
  )
}

/** @throws when there is no camera, or the person does not allow it */
async function watchCamera(video: HTMLVideoElement | null, onText: OnText, stopped: AbortSignal): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
  try {
    if (video === null) return
    video.srcObject = stream
    await video.play()
    while (!stopped.aborted) {
      const text = await textIn(video)
      if (text !== undefined && onText(text) !== 'more') return
      await new Promise((next) => setTimeout(next, betweenFramesMs))
    }
  } finally {
    for (const track of stream.getTracks()) track.stop()
  }
}

/** What the QR code in a picture says, if there is one to be read. The reader is loaded when it is first needed. */
async function textIn(picture: ImageBitmap | HTMLVideoElement | undefined): Promise<string | undefined> {
  if (picture === undefined) return undefined
  const [wide, high] =
    'videoWidth' in picture ? [picture.videoWidth, picture.videoHeight] : [picture.width, picture.height]
  const scale = Math.min(1, largestSide / Math.max(wide, high, 1))
  const [width, height] = [Math.floor(wide * scale), Math.floor(high * scale)]
  if (width < 21 || height < 21) return undefined // modules of the smallest code
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) return undefined
  context.drawImage(picture, 0, 0, width, height)
  const { decodeQR } = await import('qr/decode.js')
  try {
    return decodeQR(context.getImageData(0, 0, width, height))
  } catch {
    return undefined
  }
}
