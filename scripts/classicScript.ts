import { build } from 'vite'

/** One file that runs without being a module: its code. @param define what to put in for names */
export async function classicScript(
  entry: string,
  target: string,
  define: Record<string, string> = {},
): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    define,
    build: { write: false, target, lib: { entry, formats: ['iife'], name: 'quorate' } },
  })
  const [result] = [built].flat()
  const chunk = result !== undefined && 'output' in result ? result.output[0] : undefined
  if (chunk === undefined) throw new Error(`${entry} was not built`)
  return chunk.code
}
