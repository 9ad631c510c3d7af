import type { ComponentProps, MouseEvent } from 'react'

type Look = 'primary' | 'secondary' | 'quiet' | 'danger'

const base =
  'inline-flex min-h-11 items-center justify-center gap-2 rounded-xl px-4 py-2 text-[0.95rem] font-medium transition-colors aria-disabled:cursor-not-allowed aria-disabled:opacity-60 cursor-pointer'

const looks: Readonly<Record<Look, string>> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  secondary: 'border border-control bg-surface text-ink hover:bg-sunken',
  quiet: 'text-accent-strong hover:bg-sunken',
  danger: 'border border-bad bg-surface text-bad hover:bg-bad-soft',
}

type ButtonProps = ComponentProps<'button'> & { readonly look?: Look }

/**
 * Disabled it does nothing, and neither does Enter in its form; but it keeps the focus, which `disabled` of HTML lets go:
 * whoever works by keyboard or by ear goes on where the button was pressed.
 */
export function Button({ look = 'secondary', className = '', disabled = false, onClick, ...rest }: ButtonProps) {
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (disabled) event.preventDefault()
    else onClick?.(event)
  }
  return (
    <button
      type="button"
      className={`${base} ${looks[look]} ${className}`}
      {...rest}
      aria-disabled={disabled ? true : undefined}
      onClick={press}
    />
  )
}

/** Goes somewhere, where a button does something. */
export function LinkButton({ look = 'secondary', className = '', ...rest }: ComponentProps<'a'> & { look?: Look }) {
  return <a className={`${base} ${looks[look]} ${className}`} {...rest} />
}
