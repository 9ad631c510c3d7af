/** Where an invitation may stand in what somebody pasted. */
export interface Place {
  /** As `https://wallet.example`; undefined where no address of the web stands before it. */
  readonly app: string | undefined
  /** The text after "join/", or the text alone; where it is wrapped, each way of continuing it in turn. */
  readonly texts: readonly string[]
  /** Whether "join/" stands before it. */
  readonly isLink: boolean
  /** The origin that the link names as its session's coordinator; '' for one that is none. */
  readonly coordinator: string | undefined
}

/** What a mail program may add around a link or put into it, which nobody sees. */
const invisible = /[\u00AD\u200B-\u200F\u2028-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/g
/** Of base64url, and `=`, which an invitation never has: it stays, so that it is refused. */
const run = /(?<![\w=-])[\w=-]{8,}/g
/** A line of mail may be quoted, and a link in it continues after the mark. */
const continued = /^[ \t]*\r?\n[>| \t]*([\w=-]+)/
/** Of a link of an app that is not served by the coordinator: it stands after the invitation. */
const naming = /^[\w=-]*[?&]coordinator=([^\s&"'<>()[\]]+)/
const longestName = 512
const mostLines = 64
/** Bounds the work of a text that is made of beginnings. */
const mostPlaces = 64
/** Characters of the shortest invitation, and a little less. */
const shortest = 100
/** Rewritten links (Safe Links and others) carry the link itself, encoded, once or twice. */
const mostEncodings = 2

/**
 * The places where an invitation may be: alone, in a link, in brackets, quotes or a sentence, wrapped over lines, with what
 * trackers append to links, or inside a link that a mail filter has rewritten.
 * @param longest characters that an invitation can have
 */
export function placesIn(pasted: string, longest: number): readonly Place[] {
  const text = pasted.replace(invisible, '')
  const readings = [text]
  while (readings.length <= mostEncodings) readings.push(unescaped(readings.at(-1) ?? ''))
  const places = [...new Set(readings)].flatMap((reading) => placesInText(reading, longest))
  const links = places.filter(({ isLink }) => isLink)
  return (links.length > 0 ? links : places).slice(0, mostPlaces)
}

/**
 * Whether a link has `%23` where its `#` belongs, in the part of the address that a browser sends to the server: opened like
 * this, it has told the server everything.
 */
export function hasLostItsFragment(pasted: string): boolean {
  return /\bhttps?:\/\/[^\s?#]*%(25)*23(\/|%2f)?join(\/|%2f)/i.test(pasted.replace(invisible, ''))
}

/** The origin of an address of the web, in the form that browsers compare; undefined for other text. */
export function originOf(address: string): string | undefined {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined
  return new URL(address).origin
}

function placesInText(text: string, longest: number): readonly Place[] {
  return [...text.matchAll(run)].flatMap(({ 0: first, index }) => {
    const before = text.slice(Math.max(0, index - longest), index)
    const isLink = /(^|[/#\s])join\/$/i.test(before)
    const texts = waysOn(first, text.slice(index + first.length), longest).filter(({ length }) => length >= shortest)
    if (!isLink && (texts.length === 0 || !/(^|[\s[({<'"“”‘’«»„:.])$/.test(before))) return []
    const coordinator = coordinatorAfter(text.slice(index, index + longest + longestName))
    return [{ app: isLink ? appOf(before) : undefined, texts, isLink, coordinator }]
  })
}

function coordinatorAfter(text: string): string | undefined {
  const unwrapped = text.replaceAll(/[ \t]*\r?\n[>| \t]*/g, '')
  const named = naming.exec(unwrapped)?.[1]
  return named === undefined ? undefined : (originOf(unescaped(named)) ?? '')
}

/** Of a rewritten link the address inside counts, which is the last. */
function appOf(before: string): string | undefined {
  const [link = ''] = /\S*$/.exec(before) ?? []
  const start = link.search(/https?:\/\/(?!.*https?:\/\/)/i)
  const [, origin, rest] =
    /^(https?:\/\/[^/?#<>"'&]+)([^#]*#\/?)join\/$/i.exec(start < 0 ? '' : link.slice(start)) ?? []
  return origin === undefined || rest === undefined ? undefined : originOf(origin)
}

/** What stands here, and with each of the lines below it. */
function waysOn(first: string, after: string, longest: number): readonly string[] {
  const texts = [first]
  let rest = after
  for (let lines = 0; lines < mostLines; lines += 1) {
    const next = continued.exec(rest)
    const longer = `${texts.at(-1) ?? ''}${next?.[1] ?? ''}`
    if (next === null || longer.length > longest) break
    texts.push(longer)
    rest = rest.slice(next[0].length)
  }
  return texts
}

/** Percent signs of ASCII only, one level of them: what they stand for elsewhere is no part of an invitation. */
function unescaped(text: string): string {
  return text.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
