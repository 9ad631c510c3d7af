import type { Texts } from './en.ts'

/** Rounded as people speak: whole seconds below a minute and a half, whole minutes above. */
export function inWords(milliseconds: number, { duration }: Texts): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000))
  return seconds < 90 ? duration.seconds(seconds) : duration.minutes(Math.round(seconds / 60))
}
