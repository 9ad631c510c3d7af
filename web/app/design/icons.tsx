import type { ReactNode } from 'react'

/** Decoration beside text that says the same; hidden from screen readers. */
function icon(shape: ReactNode) {
  return function Icon({ className = 'size-5' }: { className?: string }) {
    return (
      <svg
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        className={`shrink-0 ${className}`}
      >
        {shape}
      </svg>
    )
  }
}

export const CheckIcon = icon(<path d="m5 12.5 4.5 4.5L19 7.5" />)
export const CopyIcon = icon(<path d="M9 9h10v11H9zM5 15V4h10" />)
export const WarningIcon = icon(<path d="M12 4 2.8 20h18.4zM12 10v4.5M12 17.4v.1" />)
export const InfoIcon = icon(<path d="M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18M12 11v5.5M12 7.6v.1" />)
export const ErrorIcon = icon(<path d="M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18M9 9l6 6M15 9l-6 6" />)
export const DeviceIcon = icon(<path d="M4 5h16v11H4zM9 20h6M12 16v4" />)
export const PersonIcon = icon(<path d="M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8M4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6" />)
export const ServerIcon = icon(<path d="M4 4h16v7H4zM4 13h16v7H4zM8 7.5v.1M8 16.5v.1" />)
export const PlusIcon = icon(<path d="M12 5v14M5 12h14" />)
export const ArrowIcon = icon(<path d="M9 5l7 7-7 7" />)
export const BackIcon = icon(<path d="M15 5l-7 7 7 7" />)
export const ShieldIcon = icon(<path d="M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6zM8.5 12l2.5 2.5 4.5-5" />)
export const EyeIcon = icon(
  <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12M12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6" />,
)
export const OfflineIcon = icon(
  <path d="M3 3l18 18M5 12.5a10 10 0 0 1 4.6-2.6M19 12.5a10 10 0 0 0-3-2.1M2 9a15 15 0 0 1 4-2.6M22 9a15 15 0 0 0-10.5-4M8.5 16a5 5 0 0 1 7 0M12 19.8v.1" />,
)
export const RelayIcon = icon(<path d="M4 8h13M13 4l4 4-4 4M20 16H7M11 12l-4 4 4 4" />)

export function Logo({ className = 'size-8' }: { className?: string }) {
  return (
    <svg viewBox="0 0 64 64" aria-hidden="true" className={className}>
      <rect width="64" height="64" rx="15" fill="#0f766e" />
      <g fill="none" stroke="#fff" strokeWidth="6.5" strokeLinecap="round">
        <path d="M 19.9 40.9 A 15 15 0 0 1 25.7 18.3" />
        <path d="M 38.3 18.3 A 15 15 0 0 1 44.1 40.9" />
        <path d="M 39.5 45 A 15 15 0 0 1 24.5 45" stroke="#5eead4" />
        <path d="M 38 38 L 48.5 50" />
      </g>
    </svg>
  )
}
