/**
 * The one rule of what a person can see of a text, for messages, typed data and names alike. Hidden are controls, formats
 * (which change the direction of reading, or have no width), characters that fonts need not draw (Unicode's
 * Default_Ignorable_Code_Point, variation selectors among them), unassigned and private ones, halves of pairs, and every blank
 * that is not the plain space.
 */
const hidden = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{DI}\u2800]|(?! )\p{Zs}/u

/**
 * Marks without a width of their own are drawn over what is before them. Languages pile up to four on a letter; more are drawn
 * over the lines above and below, and one without a letter over whatever stands beside the text.
 */
const piled = /(?<=^|\s)[\p{Mn}\p{Me}]+|(?<=[\p{Mn}\p{Me}]{4})[\p{Mn}\p{Me}]+/u
const everyPile = new RegExp(piled, 'gu')

/** Line ends and tabs lay out a text of several lines: shown as themselves, but for those that nobody would notice. */
const layout = '\n\t'
/** Blanks that push what follows out of sight, and blanks with nothing after them. */
const unnoticed = /\n{4,}|\t{9,}| {33,}|[ \t]+(?=\n)|[ \n\t]+$/g

export interface VisibleText {
  /** Undefined where the bytes are no UTF-8. */
  readonly text: string | undefined
  readonly hasHidden: boolean
}

/** Whether a name on one line has anything in it that nobody sees, or that covers something else. */
export function hasHidden(name: string): boolean {
  return hidden.test(name) || piled.test(name)
}

/** A name without that: what `hasHidden` finds nothing in. Blanks of other widths, tabs and ends of lines become spaces. */
export function withoutHidden(name: string): string {
  const spaced = name.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Zs}]+/gu, ' ')
  const seen = Array.from(spaced, (character) => (hidden.test(character) ? '' : character)).join('')
  return seen.replace(everyPile, '').trim()
}

/** Text as it is shown before it is signed: what would not be seen is written as ‹U+200B›, several as ‹U+000A ×12›. */
export function visibleText(bytes: Uint8Array): VisibleText {
  try {
    return visible(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return { text: undefined, hasHidden: false }
  }
}

/** The same of text that is decoded already. */
export function visible(raw: string): VisibleText & { readonly text: string } {
  let found = false
  const written = (character: string, times: number): string => {
    found = true
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    return times === 1 ? `‹U+${code}›` : `‹U+${code} ×${times}›`
  }
  const runs = (same: string) => same.replace(/(.)\1*/gsu, (run, one: string) => written(one, Array.from(run).length))
  const marked = raw.replace(unnoticed, (blanks) => {
    // In the middle of a text the line still ends; at its end there is no line left to begin.
    const isInside = blanks.startsWith('\n') && !raw.endsWith(blanks)
    return isInside ? `${runs(blanks)}\n` : runs(blanks)
  })
  const apart = marked.replace(everyPile, runs)
  const text = Array.from(apart, (character) =>
    layout.includes(character) || !hidden.test(character) ? character : written(character, 1),
  ).join('')
  return { text, hasHidden: found }
}

/** How much there is of a text: what a frame of a few lines does not show. An empty one has no line. */
export function linesOf(text: string): number {
  return text === '' ? 0 : text.split('\n').length
}
