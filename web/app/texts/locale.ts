/** What a language shows of the world's dates, numbers and lists, by Intl. `tag` is a BCP 47 language tag. */
export function localeOf(tag: string) {
  const list = new Intl.ListFormat(tag, { type: 'conjunction' })
  const number = new Intl.NumberFormat(tag)
  const day = new Intl.DateTimeFormat(tag, { dateStyle: 'medium' })
  const time = new Intl.DateTimeFormat(tag, { timeStyle: 'short' })
  const moment = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' })
  return {
    list: (items: readonly string[]) => list.format(items),
    number: (value: number) => number.format(value),
    day: (date: Date) => day.format(date),
    time: (date: Date) => time.format(date),
    moment: (date: Date) => moment.format(date),
  }
}
