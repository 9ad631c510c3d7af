import { broadcast } from '../../jobs/broadcast.ts'
import { useDescriptions } from '../../state/descriptions.ts'
import { useRpcOrigins } from '../../state/nodes.ts'
import type { CommandPorts, Commands } from './commands.ts'

/** What comes from whoever runs this app, and nodes, which are asked nothing before a person says so. */
export function nodes(ports: CommandPorts): Pick<Commands, 'loadNodes' | 'loadDescriptions' | 'broadcast'> {
  return {
    async loadNodes() {
      useRpcOrigins.setState({ origins: await ports.rpcOrigins() })
    },
    async loadDescriptions() {
      useDescriptions.setState({ descriptions: await ports.descriptions() })
    },
    broadcast: (url, tx) => broadcast(ports.nodes, url, tx),
  }
}
