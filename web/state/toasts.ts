import { create } from 'zustand'

export interface Toast {
  readonly id: number
  readonly text: string
}

let last = 0

export const useToasts = create<{ readonly toasts: readonly Toast[] }>(() => ({ toasts: [] }))

/** Something small that happened. Whatever a person must not miss has a place on its screen instead. */
export function toast(text: string): void {
  const added = { id: ++last, text }
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts, added].slice(-3) }))
}

export function dropToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }))
}
