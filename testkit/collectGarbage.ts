import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')

/** Frees what nothing holds any more, whether or not the process was started with `--expose-gc`. */
export const collectGarbage = runInNewContext('gc') as () => void
