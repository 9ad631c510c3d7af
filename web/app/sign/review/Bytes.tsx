import { bytesToHex } from '@noble/hashes/utils.js'
import { useTexts } from '../../texts/useTexts.tsx'

/** Bytes that nobody can read, all of them, and how many there are. */
export function Bytes({ bytes }: { readonly bytes: Uint8Array }) {
  const { app, review } = useTexts()
  return (
    <>
      <span className="text-sm text-muted">{app.bytes(bytes.length)}</span>
      <code
        tabIndex={0}
        role="region"
        aria-label={review.data}
        className="mt-1 block max-h-48 overflow-auto rounded-lg bg-sunken px-3 py-2 font-mono text-sm break-all"
      >
        0x{bytesToHex(bytes)}
      </code>
    </>
  )
}
