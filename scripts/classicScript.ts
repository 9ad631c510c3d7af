import { build } from 'vite'

interface ClassicScript {
  readonly entry: string
  /** Of the syntax, as `build.target` takes it. */
  readonly target: string
  /** Of the global that holds what the entry exports. */
  readonly name: string
  /** What to put in for names. */
  readonly define?: Record<string, string>
}

/** One file that runs without being a module: its code. */
export async function classicScript({ entry, target, name, define = {} }: ClassicScript): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    define,
    build: { write: false, target, lib: { entry, formats: ['iife'], name } },
  })
  const [result] = [built].flat()
  const chunk = result !== undefined && 'output' in result ? result.output[0] : undefined
  if (chunk === undefined) throw new Error(`${entry} was not built`)
  return chunk.code
}
