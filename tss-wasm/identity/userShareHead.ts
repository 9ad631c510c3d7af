import { utf8ToBytes } from '@noble/hashes/utils.js'

/** How a share begins that a user was given: magic ‖ version (1) ‖ key (32) ‖ public key of the wallet (33, compressed). */
export const userShareMagic = utf8ToBytes('quorate-user-share\0')
export const version = 1
export const shareKeyLength = 32
export const publicKeyLength = 33
