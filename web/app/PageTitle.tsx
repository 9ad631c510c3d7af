import { useEffect, useRef } from 'react'
import { useTexts } from './useTexts.tsx'

interface PageTitleProps {
  readonly children: string
  /** Where a screen follows from what was done on the one before: reading goes on at its title. */
  readonly takesFocus?: boolean
}

/** The one h1 of a screen; names the tab as well. */
export function PageTitle({ children, takesFocus = false }: PageTitleProps) {
  const { app } = useTexts()
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${children} · ${app.name}`
  }, [children, app.name])
  useEffect(() => {
    if (!takesFocus) return
    title.current?.focus({ preventScroll: true })
    scrollTo(0, 0)
  }, [takesFocus])
  return (
    <h1 ref={title} tabIndex={-1} className="text-2xl font-semibold tracking-tight text-balance sm:text-3xl">
      {children}
    </h1>
  )
}
