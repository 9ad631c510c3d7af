/** What most people would call the device they sit at: "Firefox on Windows". The first name of somebody who has said none. */
export function deviceName(userAgent: string, on: (program: string, system: string) => string): string {
  const first = (known: readonly (readonly [name: string, mark: RegExp])[]) =>
    known.find(([, mark]) => mark.test(userAgent))?.[0]
  return on(first(programs) ?? 'Quorate', first(systems) ?? 'Linux')
}

const programs = [
  ['Quorate', /Electron\//],
  ['Edge', /Edg\w*\//],
  ['Firefox', /(Firefox|FxiOS)\//],
  ['Chrome', /(Chrome|CriOS)\//],
  ['Safari', /Safari\//],
] as const
const systems = [
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Android', /Android/],
  ['Windows', /Windows/],
  ['Mac', /Mac OS X/],
] as const
