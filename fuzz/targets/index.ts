import type { Target } from '../target.ts'
import { psbt, tokenCall, transaction, typedData } from './content.ts'
import { joinToken, rest } from './coordinator.ts'
import { walletRecord } from './desktop.ts'
import { confirmation, envelope, evidence, handshake, invitation, proposal, roster } from './identity.ts'
import { ageFile, integerJson, saveData, shareFile } from './keyShare.ts'
import { bitcoinMessage, description, paymentUri, transactionJson, ur } from './pasted.ts'
import { presigningMessages } from './presigning.ts'
import { dealing, eddsaSaveData, groupElement, solanaMessage, taprootPsbt, validatorObject } from './schemes.ts'
import { wire } from './wire.ts'

/** Every parser that meets bytes of strangers. */
export const targets: readonly Target[] = [
  wire, presigningMessages, envelope, evidence, proposal, roster, handshake, confirmation, invitation, shareFile, saveData, integerJson, ageFile,
  transaction, tokenCall, typedData, psbt, transactionJson, description, ur, bitcoinMessage, paymentUri, rest, joinToken, walletRecord,
  groupElement, dealing, eddsaSaveData, solanaMessage, taprootPsbt, validatorObject,
] // prettier-ignore
