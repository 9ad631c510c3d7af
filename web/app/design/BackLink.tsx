import type { ReactNode } from 'react'
import { BackIcon } from './icons.tsx'

/** To the page that this one belongs to. */
export function BackLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <a
      href={href}
      className="-my-2 flex min-h-11 w-fit items-center gap-1 rounded-lg pr-2 text-sm text-muted hover:text-ink print:hidden"
    >
      <BackIcon className="size-4" />
      {children}
    </a>
  )
}
