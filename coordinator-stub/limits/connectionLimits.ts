import type { Socket } from 'node:net'
import { createCounter } from './counter.ts'

/** Enough for a company behind one address: each browser holds six connections at most. */
const mostOfAddress = 1000
const retryAfterSeconds = 10

/**
 * Limits the connections of one address, on all ports together, so that others can connect. One too many gets an answer,
 * where plain HTTP can carry one, and is closed.
 * @param counted whom an address counts as, undefined for nobody
 * @returns a listener of servers' `connection`
 */
export function connectionLimits(
  counted: (address: string) => string | undefined,
  most = mostOfAddress,
): (socket: Socket) => void {
  const open = createCounter()
  return (socket) => {
    const caller = counted((socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, ''))
    if (caller === undefined) return
    if (open.of(caller) >= most) {
      socket.end(`HTTP/1.1 429 Too Many Requests\r\nRetry-After: ${retryAfterSeconds}\r\nConnection: close\r\n\r\n`)
      socket.destroySoon()
      return
    }
    open.add(caller)
    socket.once('close', () => {
      open.remove(caller)
    })
  }
}
