/** Our word for a name that somebody else has chosen: "constructor" is a name too. */
export function wordFor(words: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined
}
