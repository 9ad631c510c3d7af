import { useState } from 'react'
import type { Failure } from '../../../tss-wasm/failure.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { FailureView } from '../ceremony/FailureView.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { AnimatedQrReader } from '../design/AnimatedQrReader.tsx'
import { Card } from '../design/Card.tsx'
import { FileField } from '../design/FileField.tsx'
import { readChosen } from '../design/files.ts'
import { hrefs } from '../route.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { collectProof } from '../wallet/proofFrames.ts'

/** For a device that was away, or left out, when the others made new shares: it follows nobody's word, but the proof. */
export function ProofCard({ wallet }: { readonly wallet: WalletRecord }) {
  const { backup, reshare } = useTexts()
  const commands = useCommands()
  const [error, setError] = useState<string>()
  const [failure, setFailure] = useState<Failure>()
  const open = async (file: File | undefined) => {
    const content = await readChosen(file)
    setError(content instanceof Uint8Array ? undefined : backup[content])
    if (content instanceof Uint8Array) await follow(content)
  }
  const follow = async (proof: Uint8Array<ArrayBuffer>) => {
    setFailure(undefined)
    const opened = await commands.openProof(wallet, proof)
    if (opened.ok) location.hash = hrefs.wallets
    else setFailure(opened.failure)
  }
  return (
    <Card title={reshare.proofOpen}>
      <p className="mb-4 text-muted">{reshare.proofOpenText}</p>
      <FileField
        label={reshare.proof}
        accept=".json"
        error={error}
        file={undefined}
        onFile={(file) => {
          void open(file)
        }}
      />
      <div className="mt-4">
        <AnimatedQrReader
          collect={collectProof}
          foreign={reshare.proofForeign}
          onBytes={(proof) => {
            void follow(new Uint8Array(proof))
          }}
        />
      </div>
      {failure !== undefined && <FailureView failure={failure} kind="reshare" />}
    </Card>
  )
}
