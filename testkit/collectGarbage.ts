import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')

const collect = runInNewContext('gc') as () => void

/**
 * Frees what nothing holds any more, whether or not the process was started with `--expose-gc`. The bytes of buffers are
 * freed after a collection, by another thread, and counted as held until the next one waits for that.
 */
export function collectGarbage(): void {
  collect()
  collect()
}
