import { useState } from 'react'
import type { ListedNode, Trouble } from '../../../chain/evm/node.ts'
import { hostOf } from '../../../chain/evm/node.ts'
import { ProtocolAbort } from '../../../tss-wasm/failure.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Notice } from '../design/Notice.tsx'
import { useTexts } from '../texts/useTexts.tsx'
import { troubleText } from './NodeWords.tsx'

interface TestCoinsProps {
  readonly node: ListedNode
  /** Who gets them. */
  readonly address: string
  readonly onGiven: () => void
}

/** On a network of one's own machine: something to begin with. */
export function TestCoins({ node, address, onGiven }: TestCoinsProps) {
  const texts = useTexts()
  const { send } = texts
  const commands = useCommands()
  const [state, setState] = useState<'giving' | 'given' | Trouble>()
  const give = async () => {
    setState('giving')
    const trouble = await commands.giveTestCoins(node, address).catch((error: unknown) => {
      if (error instanceof ProtocolAbort) return { kind: 'silent' } as const
      throw error
    })
    setState(trouble ?? 'given')
    if (trouble === undefined) onGiven()
  }
  return (
    <Notice>
      <p>{send.testNetwork}</p>
      {typeof state === 'object' && <p role="alert">{troubleText({ host: hostOf(node), trouble: state }, texts)}</p>}
      <div>
        <Button disabled={state === 'giving'} onClick={() => void give()}>
          {send.testCoins}
        </Button>
      </div>
    </Notice>
  )
}
