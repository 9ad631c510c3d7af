import { broadcast } from '../../jobs/broadcast.ts'
import { useChain } from '../../state/chain.ts'
import { useDescriptions } from '../../state/descriptions.ts'
import { useRpcOrigins } from '../../state/nodes.ts'
import type { CommandPorts, Commands } from './commands.ts'
import { loaded } from './loaded.ts'

type Kept = 'loadNodes' | 'loadChain' | 'loadDescriptions' | 'outlook' | 'giveTestCoins' | 'fate' | 'broadcast'

/** What comes from whoever runs this app, and nodes: those that a person chose are asked nothing before they say so. */
export function nodes(ports: CommandPorts): Pick<Commands, Kept> {
  return {
    async loadNodes() {
      useRpcOrigins.setState({ origins: await ports.rpcOrigins() })
    },
    async loadDescriptions() {
      useDescriptions.setState({ descriptions: await ports.descriptions() })
    },
    async loadChain() {
      const { nodes: listed, tokens } = await ports.chain()
      useChain.setState({ nodes: listed, tokens })
    },
    async outlook(intent) {
      const { outlookOf } = await loaded(import('../../../chain/evm/outlook.ts'), 'nodes')
      return outlookOf(ports.nodes.ethereum, useChain.getState().nodes, intent)
    },
    async giveTestCoins(node, to) {
      const { giveTestCoins } = await loaded(import('../../../chain/evm/testCoins.ts'), 'nodes')
      const tokens = useChain.getState().tokens.filter(({ chainId }) => chainId === node.chainId)
      return giveTestCoins(ports.nodes.ethereum, node, to, tokens)
    },
    async fate(sent) {
      const { fateOf } = await loaded(import('../../../chain/evm/fate.ts'), 'nodes')
      return fateOf(ports.nodes.ethereum, useChain.getState().nodes, sent)
    },
    broadcast: (url, tx) => broadcast(ports.nodes, url, tx),
  }
}
