import { readFile } from 'node:fs/promises'
import { z } from 'zod'

const httpUrl = z.url({ protocol: /^https?$/ })
const schema = z.object({
  coordinator: httpUrl.default('http://localhost:8080'),
  /** Where browsers find the app: what invitation links begin with. The coordinator's own address if it is not given. */
  webApp: httpUrl.optional(),
  /** Opt-in: without it the app asks nobody for updates. */
  updates: z.enum(['off', 'on']).default('off'),
})
export type Settings = z.infer<typeof schema>

/**
 * settings.json beside the app's data, written by the person or an administrator; QUORATE_COORDINATOR goes before it.
 * @throws Error for a file that is there and not understood: a coordinator is not guessed
 */
export async function loadSettings(file: string, environment: NodeJS.ProcessEnv): Promise<Settings> {
  const text = await readFile(file, 'utf8').catch(() => '{}')
  const given: unknown = JSON.parse(text)
  const { QUORATE_COORDINATOR: coordinator } = environment
  return schema.parse({ ...(given as object), ...(coordinator === undefined ? {} : { coordinator }) })
}
