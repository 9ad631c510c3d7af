import { createInterface } from 'node:readline/promises'
import { encodeInvitation } from '../../tss-wasm/identity/invitation.ts'
import type { Operator } from './errands.ts'

/**
 * The person at the terminal: lines of JSON on the output, an answer on the input.
 * @param comparing whether codes are compared; without, whoever holds an invitation is believed
 */
export function operatorAt(
  { stdin, stdout }: { readonly stdin: NodeJS.ReadableStream; readonly stdout: NodeJS.WritableStream },
  comparing: boolean,
): Operator {
  const say = (line: object) => stdout.write(JSON.stringify(line) + '\n')
  return {
    invite(invitations) {
      for (const invitation of invitations) {
        const { seat, expiresAtMs } = invitation
        say({ seat, invitation: `join/${encodeInvitation(invitation)}`, expires_at_ms: expiresAtMs })
      }
    },
    async codesMatch(code) {
      say({ code, ...(comparing && { answer: 'yes, where whoever is new reads the same' }) })
      if (!comparing) return true
      const lines = createInterface({ input: stdin })
      try {
        const { value = '' } = (await lines[Symbol.asyncIterator]().next()) as { value?: string }
        return value.trim().toLowerCase() === 'yes'
      } finally {
        lines.close()
      }
    },
    done({ walletId, state }) {
      say({ wallet: walletId, state: state === 'rest' ? 'done' : state })
    },
  }
}
