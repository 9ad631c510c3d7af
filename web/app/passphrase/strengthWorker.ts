import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common'
import { dictionary as english } from '@zxcvbn-ts/language-en'

// In a worker, because the dictionaries take longer to read than a page may be busy.
const estimator = new ZxcvbnFactory({ dictionary: { ...common, ...english }, graphs: adjacencyGraphs })
const longestEstimated = 100 // the time it takes grows fast with the length

self.onmessage = ({ data: [question, passphrase] }: MessageEvent<readonly [number, string]>) => {
  self.postMessage([question, estimator.check(passphrase.slice(0, longestEstimated)).score])
}
