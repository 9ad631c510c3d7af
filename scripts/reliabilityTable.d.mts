import type { Report } from './reliability.ts'

export function written(text?: string, reports?: Readonly<Record<string, Report>>): Promise<string>
