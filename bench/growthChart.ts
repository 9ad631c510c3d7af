/** Milliseconds by the number of parties. */
export interface Line {
  readonly name: string
  readonly points: readonly (readonly [parties: number, ms: number])[]
}

const [width, height, margin] = [720, 420, 60]
const colours = ['#1f5f8b', '#b3541e', '#3a7d44', '#7b3f8c', '#8a6d00']

/**
 * Both axes are logarithmic, so that what grows with a power of n is a straight line: the grey ones grow with n and with n².
 * SVG, readable on light and dark pages.
 */
export function growthChart(lines: readonly Line[]): string {
  const all = lines.flatMap(({ points }) => points)
  const parties = [...new Set(all.map(([n]) => n))].sort((a, b) => a - b)
  const [fewest = 1, most = 2] = [parties[0], parties.at(-1)]
  const times = all.map(([, ms]) => ms)
  const [low, high] = [Math.floor(Math.log10(Math.min(...times))), Math.ceil(Math.log10(Math.max(...times)))]
  const x = (n: number) =>
    margin + ((width - 3 * margin) * Math.log(n / fewest)) / Math.log(Math.max(most / fewest, 1.01))
  const y = (ms: number) => height - margin - ((height - 2 * margin) * (Math.log10(ms) - low)) / Math.max(1, high - low)
  const at = (value: number) => value.toFixed(1)
  const path = (points: Line['points']) => points.map(([n, ms]) => `${at(x(n))},${at(y(ms))}`).join(' ')
  const text = (left: number, top: number, words: string, more = '') =>
    `<text x="${at(left)}" y="${at(top)}" ${more}>${words}</text>`

  const decades = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i))
  const [, start = 1] = lines[0]?.points[0] ?? []
  const guides = [1, 2].map((power) => {
    const end = start * (most / fewest) ** power
    return `<polyline points="${path([[fewest, start], [most, end]])}" stroke="#999" stroke-dasharray="4 4"/>` // prettier-ignore
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    '<title>Computing time of one party by the number of parties, both logarithmic</title>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...decades.map((ms) => `<path d="M${margin} ${at(y(ms))}H${width - 2 * margin}" stroke="#ddd"/>`),
    ...decades.map((ms) =>
      text(margin - 8, y(ms) + 4, ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`, 'text-anchor="end"'),
    ),
    ...parties.map((n) => text(x(n), height - margin + 20, `n = ${n}`, 'text-anchor="middle"')),
    `<g fill="none" stroke-width="2">${guides.join('')}`,
    ...lines.map(
      ({ points }, i) => `<polyline points="${path(points)}" stroke="${colours[i % colours.length] ?? ''}"/>`,
    ),
    '</g>',
    ...lines.flatMap(({ name, points }, i) =>
      points.slice(-1).map(([n, ms]) => text(x(n) + 8, y(ms) + 4, name, `fill="${colours[i % colours.length] ?? ''}"`)),
    ),
    '</svg>',
    '',
  ].join('\n')
}
