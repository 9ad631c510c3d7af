import type { ReactNode } from 'react'
import { CheckIcon, ErrorIcon, InfoIcon, WarningIcon } from './icons.tsx'

const tones = {
  info: ['bg-sunken text-ink', InfoIcon, 'text-muted'],
  good: ['bg-good-soft text-ink', CheckIcon, 'text-good'],
  warn: ['bg-warn-soft text-ink', WarningIcon, 'text-warn'],
  bad: ['bg-bad-soft text-ink', ErrorIcon, 'text-bad'],
} as const

interface NoticeProps {
  readonly tone?: keyof typeof tones
  readonly title?: string
  readonly children?: ReactNode
  readonly role?: 'alert' | 'status'
}

export function Notice({ tone = 'info', title, children, role }: NoticeProps) {
  const [look, Icon, iconLook] = tones[tone]
  return (
    <div role={role} className={`flex gap-3 rounded-xl p-4 ${look}`}>
      <Icon className={`mt-0.5 size-5 ${iconLook}`} />
      <div className="grid min-w-0 gap-1.5">
        {title !== undefined && <p className="font-semibold">{title}</p>}
        {children}
      </div>
    </div>
  )
}
