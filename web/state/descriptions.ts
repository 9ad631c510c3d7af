import { create } from 'zustand'
import type { Description } from '../../tss-wasm/content/describe/description.ts'

/** What whoever runs this app says that calls and typed data mean (ERC-7730), beside what the app knows itself. */
export const useDescriptions = create<{ readonly descriptions: readonly Description[] }>(() => ({ descriptions: [] }))
