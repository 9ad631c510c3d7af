import type { ReactNode } from 'react'

interface CardProps {
  readonly title?: string
  readonly children: ReactNode
  readonly className?: string
}

export function Card({ title, children, className = '' }: CardProps) {
  return (
    <section
      className={`rounded-2xl border border-line bg-surface p-5 shadow-card sm:p-6 print:rounded-none print:border-x-0 print:border-b-0 print:p-0 print:pt-3 ${className}`}
    >
      {title !== undefined && <h2 className="mb-3 text-lg font-semibold print:mb-1 print:text-base">{title}</h2>}
      {children}
    </section>
  )
}

/** Names and values, one under the other on a phone. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="divide-y divide-line">{children}</dl>
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="grid gap-x-4 gap-y-0.5 py-2.5 sm:grid-cols-[11rem_1fr] print:grid-cols-[9rem_1fr] print:py-1">
      <dt className="text-sm text-muted sm:pt-0.5">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}
