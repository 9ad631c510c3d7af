import { create } from 'zustand'
import type { MemberRules } from '../jobs/rules.ts'

/** By wallet id: what its members decide by, as far as they have told. */
export const useRules = create<Readonly<Record<string, readonly MemberRules[]>>>(() => ({}))
