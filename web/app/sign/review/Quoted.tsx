import { useReading } from './reading.tsx'

/** Somebody's words in a frame of their own, so that no line of them can pass for one of ours. */
export function Quoted({ text, label }: { readonly text: string; readonly label: string }) {
  const frame = useReading(text)
  return (
    <pre
      ref={frame}
      tabIndex={0}
      role="region"
      aria-label={label}
      className="mt-1 max-h-80 overflow-auto rounded-lg bg-sunken px-3 py-2 font-sans wrap-anywhere whitespace-pre-wrap"
    >
      {text}
    </pre>
  )
}
