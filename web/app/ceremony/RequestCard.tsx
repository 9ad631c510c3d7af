import type { ReactNode } from 'react'
import { LinkButton } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { hrefs } from '../route.ts'
import { useTexts } from '../texts/useTexts.tsx'

interface RequestCardProps {
  readonly title: string
  readonly sessionId: string
  readonly children: ReactNode
}

/** What somebody asks, in the list of requests, and the way to its page. */
export function RequestCard({ title, sessionId, children }: RequestCardProps) {
  const { requests } = useTexts()
  return (
    <Card>
      <div className="flex flex-col items-start gap-4 sm:flex-row sm:items-center sm:justify-between">
        <div className="min-w-0">
          <h2 className="text-lg font-semibold">{title}</h2>
          {children}
        </div>
        <LinkButton look="primary" className="shrink-0" href={hrefs.request(sessionId)}>
          {requests.look}
        </LinkButton>
      </div>
    </Card>
  )
}
