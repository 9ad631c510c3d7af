import { encodeQR } from 'qr'
import { useMemo } from 'react'

interface QrCodeProps {
  readonly text: string
  /** What it is of, for those who do not see it. */
  readonly label: string
  readonly className?: string
}

const quietZone = 4

/** Dark on light in either theme: many cameras read no other. */
export function QrCode({ text, label, className = 'size-48' }: QrCodeProps) {
  const [path, size] = useMemo(() => drawn(text), [text])
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className={`rounded-lg border border-line ${className}`}
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}

/** One path of unit squares, and the side of the whole. */
function drawn(text: string): [path: string, size: number] {
  const rows = encodeQR(text, 'raw', { ecc: 'low', border: quietZone })
  const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return [path, rows.length]
}
