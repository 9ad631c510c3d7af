import { create } from 'zustand'

/** Origins of the nodes that this page may connect to; none until they are known. */
export const useRpcOrigins = create<{ readonly origins: readonly string[] }>(() => ({ origins: [] }))
