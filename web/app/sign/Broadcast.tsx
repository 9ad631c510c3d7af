import { useEffect, useState, type ReactNode } from 'react'
import type { Sent } from '../../../chain/evm/fate.ts'
import { isAllowedNode, type BroadcastEnd, type ToBroadcast } from '../../jobs/broadcast.ts'
import { useChain } from '../../state/chain.ts'
import { useRpcOrigins } from '../../state/nodes.ts'
import { usePreferences } from '../../state/preferences.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button, LinkButton } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Notice } from '../design/Notice.tsx'
import { Fate } from './Fate.tsx'
import { hrefs } from '../route.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { visibleText } from '../../../tss-wasm/content/visibleText.ts'

interface BroadcastProps {
  readonly tx: ToBroadcast
  /** What is looked for on the network once it is sent; undefined where nobody can look. */
  readonly sent: Sent | undefined
  /** Told once the node has taken it. */
  readonly onSent?: (() => void) | undefined
  /** What can be done while it waits. */
  readonly children?: ReactNode
}

/** Sends a signed transaction when it is told to, and at no other time; hidden where no node may be talked to. */
export function Broadcast({ tx, sent, onSent, children }: BroadcastProps) {
  const { broadcast: texts } = useTexts()
  const commands = useCommands()
  const { origins } = useRpcOrigins()
  const url = useNodeFor(tx)
  const [state, setState] = useState<BroadcastEnd | 'sending'>()
  useEffect(() => {
    void commands.loadNodes()
    void commands.loadChain()
  }, [commands])
  if (origins.length === 0) return null
  const send = async () => {
    setState('sending')
    const end = await commands.broadcast(url, tx)
    setState(end)
    if (end.type === 'sent') onSent?.()
  }
  const isOver = typeof state === 'object' && state.type === 'sent'
  return (
    <Card title={texts.title}>
      <div className="grid justify-items-start gap-4" data-testid="broadcast">
        {isAllowedNode(url, origins) ? (
          <>
            <p>{texts.warning(new URL(url).host)}</p>
            <End state={state} network={tx.network} />
            {isOver && sent !== undefined && <Fate sent={sent}>{children}</Fate>}
            <Button disabled={state === 'sending' || isOver} onClick={() => void send()}>
              {texts.send}
            </Button>
          </>
        ) : (
          <>
            <p className="text-muted">{texts.choose}</p>
            <LinkButton href={hrefs.settings}>{texts.toSettings}</LinkButton>
          </>
        )}
      </div>
    </Card>
  )
}

/** The node that its person chose, else the first that is listed for the network. */
function useNodeFor(tx: ToBroadcast): string {
  const chosen = usePreferences((state) => (tx.network === 'ethereum' ? state.rpcUrl : state.esploraUrl))
  const listed = useChain((state) => state.nodes)
  if (chosen !== '' || tx.network === 'bitcoin') return chosen
  return listed.find(({ chainId }) => chainId === tx.chainId)?.url ?? ''
}

interface EndProps {
  readonly state: BroadcastEnd | 'sending' | undefined
  readonly network: ToBroadcast['network']
}

function End({ state, network }: EndProps) {
  const { broadcast: texts } = useTexts()
  if (state === undefined) return null
  if (state === 'sending') return <Notice role="status">{texts.sending}</Notice>
  switch (state.type) {
    case 'sent':
      return (
        <Notice tone="good" role="status" title={texts.sent}>
          <p>{texts.sentText}</p>
        </Notice>
      )
    case 'refused':
      return (
        <Notice tone="bad" role="alert" title={texts.refused}>
          <p>{texts.words(visibleText(new TextEncoder().encode(state.words)).text ?? '')}</p>
        </Notice>
      )
    case 'other-chain':
      return (
        <Notice tone="bad" role="alert" title={texts.notSent}>
          <p>{state.chainId === undefined ? texts.otherBitcoin : texts.otherChain(state.chainId.toString())}</p>
        </Notice>
      )
    case 'unreachable':
      return (
        <Notice tone="bad" role="alert" title={texts.notSent}>
          <p>{texts.unreachable[network]}</p>
        </Notice>
      )
    case 'unclear':
      return (
        <Notice tone="warn" role="alert" title={texts.unclear}>
          <p>{texts.unclearText}</p>
        </Notice>
      )
  }
}
