import type { ComponentProps } from 'react'

/** A radio button or check box with its words in a box that is easy to hit, marked when chosen. */
export function Choice({ children, ...input }: Omit<ComponentProps<'input'>, 'className'>) {
  return (
    <label className="flex min-h-11 cursor-pointer items-center gap-2.5 rounded-xl border border-control px-3 py-1.5 transition-colors hover:border-accent has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
      <input {...input} className="size-4 shrink-0 accent-accent" />
      {children}
    </label>
  )
}
