import { broadcast } from '../../jobs/broadcast.ts'
import { useRpcOrigins } from '../../state/nodes.ts'
import type { CommandPorts, Commands } from './commands.ts'

/** Nodes, which are asked nothing before a person says so. */
export function nodes(ports: CommandPorts): Pick<Commands, 'loadNodes' | 'broadcast'> {
  return {
    async loadNodes() {
      useRpcOrigins.setState({ origins: await ports.rpcOrigins() })
    },
    broadcast: (url, tx) => broadcast(ports.nodes, url, tx),
  }
}
