import type { ReactNode } from 'react'

/** What opens a `details`: quiet words, in a box that a finger hits. */
export function Summary({ children, className = 'text-muted' }: { children: ReactNode; className?: string }) {
  return <summary className={`-my-2 w-fit cursor-pointer rounded py-3 ${className}`}>{children}</summary>
}
