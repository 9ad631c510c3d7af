import { useEffect } from 'react'
import { useTexts } from './useTexts.ts'

/** The one h1 of a screen; names the tab as well. */
export function PageTitle({ children }: { readonly children: string }) {
  const { app } = useTexts()
  useEffect(() => {
    document.title = `${children} · ${app.name}`
  }, [children, app.name])
  return <h1 className="text-2xl font-semibold tracking-tight text-balance sm:text-3xl">{children}</h1>
}
