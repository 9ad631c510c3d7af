import { useEffect, useRef } from 'react'
import { useWaiting } from '../../state/waiting.ts'
import { CheckIcon } from './icons.tsx'
import { useTexts } from '../texts/useTexts.tsx'

interface PageTitleProps {
  readonly children: string
  /** Where a screen follows from what was done on the one before: reading goes on at its title. */
  readonly takesFocus?: boolean
}

/** The one h1 of a screen; names the tab as well, with how many requests wait. */
export function PageTitle({ children, takesFocus = false }: PageTitleProps) {
  const { app } = useTexts()
  const waiting = useWaiting()
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${children} · ${app.name}`
  }, [children, app.name, waiting])
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

/** Of a screen that says that something is done. */
export function DoneTitle({ children }: { readonly children: string }) {
  return (
    <div className="flex items-center gap-3">
      <span aria-hidden="true" className="flex size-10 items-center justify-center rounded-full bg-good-soft text-good">
        <CheckIcon className="size-6" />
      </span>
      <PageTitle takesFocus>{children}</PageTitle>
    </div>
  )
}
