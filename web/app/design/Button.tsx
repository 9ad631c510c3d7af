import type { ComponentProps } from 'react'

type Look = 'primary' | 'secondary' | 'quiet' | 'danger'

const base =
  'inline-flex min-h-11 items-center justify-center gap-2 rounded-xl px-4 py-2 text-[0.95rem] font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-60 cursor-pointer'

const looks: Readonly<Record<Look, string>> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  secondary: 'border border-control bg-surface text-ink hover:bg-sunken',
  quiet: 'text-accent-strong hover:bg-sunken',
  danger: 'border border-bad bg-surface text-bad hover:bg-bad-soft',
}

export function Button({ look = 'secondary', className = '', ...rest }: ComponentProps<'button'> & { look?: Look }) {
  return <button type="button" className={`${base} ${looks[look]} ${className}`} {...rest} />
}

/** Goes somewhere, where a button does something. */
export function LinkButton({ look = 'secondary', className = '', ...rest }: ComponentProps<'a'> & { look?: Look }) {
  return <a className={`${base} ${looks[look]} ${className}`} {...rest} />
}
