import type { ComponentProps } from 'react'
import { PageTitle } from '../design/PageTitle.tsx'
import { FailureView } from './FailureView.tsx'

/** The page of what was under way and has failed. */
export function FailedCeremony({ title, ...failed }: ComponentProps<typeof FailureView> & { readonly title: string }) {
  return (
    <div className="grid gap-5">
      <PageTitle takesFocus>{title}</PageTitle>
      <FailureView {...failed} />
    </div>
  )
}
