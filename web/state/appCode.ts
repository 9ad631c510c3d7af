import { create } from 'zustand'
import type { AppStatus } from '../serviceWorker/messages.ts'

/** Undefined until the service worker has answered, or where there is none. */
export const useAppCode = create<{ readonly status: AppStatus | undefined }>(() => ({ status: undefined }))
