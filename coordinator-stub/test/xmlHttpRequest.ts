/** Enough of a browser's XMLHttpRequest, over fetch, for the official grpc-web runtime to run in Node. */
export class FetchedRequest {
  static readonly DONE = 4
  readyState = 0
  status = 0
  statusText = ''
  response: ArrayBuffer | string = ''
  responseText = ''
  responseType = ''
  timeout = 0
  withCredentials = false
  onreadystatechange: (() => void) | null = null
  readonly upload = { addEventListener: () => undefined }
  #method = 'GET'
  #url = ''
  readonly #headers = new Headers()
  #answer = new Headers()
  readonly #abort = new AbortController()

  open(method: string, url: string): void {
    this.#method = method
    this.#url = url
    this.#enter(1)
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers.append(name, value)
  }

  getResponseHeader(name: string): string | null {
    return this.#answer.get(name)
  }

  getAllResponseHeaders(): string {
    return [...this.#answer].map(([name, value]) => `${name}: ${value}\r\n`).join('')
  }

  abort(): void {
    this.#abort.abort()
  }

  send(body: ArrayBuffer | Uint8Array<ArrayBuffer> | string): void {
    this.#fetch(body).catch(() => {
      this.status = 0
      this.#enter(FetchedRequest.DONE)
    })
  }

  async #fetch(body: ArrayBuffer | Uint8Array<ArrayBuffer> | string): Promise<void> {
    const init = { method: this.#method, headers: this.#headers, body, signal: this.#abort.signal }
    const answer = await fetch(this.#url, init)
    this.status = answer.status
    this.statusText = answer.statusText
    this.#answer = answer.headers
    this.#enter(2)
    if (this.responseType === 'arraybuffer') this.response = await answer.arrayBuffer()
    else this.response = this.responseText = await answer.text()
    this.#enter(FetchedRequest.DONE)
  }

  #enter(state: number): void {
    this.readyState = state
    this.onreadystatechange?.()
  }
}
