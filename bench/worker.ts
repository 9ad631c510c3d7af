/** Makes a module answer `runInChromium`: one input, one output, then the worker is done. */
export function answer(run: (input: unknown) => Promise<unknown>): void {
  self.onmessage = ({ data }: MessageEvent<unknown>) => {
    run(data).then(
      (output) => {
        self.postMessage({ output })
      },
      (error: unknown) => {
        self.postMessage({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
      },
    )
  }
}
