import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to a server that takes time: what goes in at one end comes out at the other so much later, in order. */
export interface LongWay extends AsyncDisposable {
  /** As the server's, with another port. */
  readonly url: string
}

/** @param oneWayMs half of a round trip */
export async function longWayTo(url: string, oneWayMs: number): Promise<LongWay> {
  const { hostname, port, protocol } = new URL(url)
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: hostname, port: Number(port), noDelay: true })
    for (const socket of [near, far]) sockets.add(socket)
    carry(near, far, oneWayMs)
    carry(far, near, oneWayMs)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `${protocol}//127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

function carry(from: Socket, to: Socket, oneWayMs: number): void {
  const later = (work: () => void) => setTimeout(work, oneWayMs)
  from.on('data', (bytes) => {
    later(() => to.write(bytes))
  })
  from.on('end', () => {
    later(() => to.end())
  })
  for (const gone of ['error', 'close'])
    from.on(gone, () => {
      later(() => to.destroy())
    })
}
