import { z } from 'zod'
import { readIfThere } from '../files/dataFolder.ts'

const httpUrl = z.url({ protocol: /^https?$/ })
const schema = z.strictObject({
  coordinator: httpUrl.default('http://localhost:8080'),
  /** Where browsers find the app: what invitation links begin with. The coordinator's own address if it is not given. */
  webApp: httpUrl.optional(),
  /** Folder of descriptions (ERC-7730): what calls and typed data of contracts mean. */
  descriptions: z.string().min(1).optional(),
  /** Opt-in: without it the app asks nobody for updates. */
  updates: z.enum(['off', 'on']).default('off'),
})
export type Settings = z.infer<typeof schema>

/**
 * settings.json beside the app's data, written by the person or an administrator; QUORATE_COORDINATOR goes before it.
 * @throws Error for a file that is there and cannot be read, or is not understood: a coordinator is not guessed
 */
export async function loadSettings(file: string, environment: NodeJS.ProcessEnv): Promise<Settings> {
  const stored = await readIfThere(file)
  const given: unknown = stored === undefined ? {} : JSON.parse(new TextDecoder().decode(stored))
  const { QUORATE_COORDINATOR: coordinator } = environment
  return schema.parse({ ...(given as object), ...(coordinator === undefined ? {} : { coordinator }) })
}
