import { useEffect } from 'react'
import { dropToast, useToasts, type Toast } from '../../state/toasts.ts'

const shownForMs = 4000

/**
 * The live region is always there, so that screen readers notice what is put into it.
 * @param above pixels at the bottom that something else lies over
 */
export function Toasts({ above }: { readonly above: number }) {
  const toasts = useToasts((state) => state.toasts)
  return (
    <div
      role="status"
      aria-live="polite"
      style={{ marginBottom: above }}
      className="pointer-events-none fixed inset-x-0 bottom-page z-10 flex flex-col items-center gap-2 px-page"
    >
      {toasts.map((toast) => (
        <OneToast key={toast.id} toast={toast} />
      ))}
    </div>
  )
}

function OneToast({ toast }: { readonly toast: Toast }) {
  useEffect(() => {
    const timer = setTimeout(dropToast, shownForMs, toast.id)
    return () => {
      clearTimeout(timer)
    }
  }, [toast.id])
  return <p className="max-w-md rounded-xl bg-ink px-4 py-2 text-sm text-page shadow-card">{toast.text}</p>
}
