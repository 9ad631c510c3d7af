/** When a party signs: on these days, from and until these times of the day where it is. */
export interface WorkingHours {
  /** As the IANA names it: "Europe/Zurich". */
  readonly timeZone: string
  /** In the order of the week. */
  readonly days: readonly Weekday[]
  /** Minutes since midnight; `until` is not among them. */
  readonly from: number
  readonly until: number
}

export const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const
export type Weekday = (typeof weekdays)[number]

/** Whether an engine knows the zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    return /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(timeZone) && clockIn(timeZone).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export function isWithin({ timeZone, days, from, until }: WorkingHours, nowMs: number): boolean {
  const parts = new Map(
    clockIn(timeZone)
      .formatToParts(nowMs)
      .map(({ type, value }) => [type, value]),
  )
  const minutes = 60 * Number(parts.get('hour')) + Number(parts.get('minute'))
  return days.some((day) => day === parts.get('weekday')) && minutes >= from && minutes < until
}

/** "08:05" */
export function timeText(minutes: number): string {
  const two = (value: number) => value.toString().padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

/** "08:05" in minutes since midnight, up to "24:00"; undefined for anything else. */
export function minutesIn(text: string): number | undefined {
  const [, hours, minutes] = /^(\d{2}):([0-5]\d)$/.exec(text) ?? []
  const all = 60 * Number(hours) + Number(minutes)
  return all <= 24 * 60 ? all : undefined
}

function clockIn(timeZone: string): Intl.DateTimeFormat {
  const parts = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  return new Intl.DateTimeFormat('en-US', { timeZone, ...parts })
}
