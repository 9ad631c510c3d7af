const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** Base 58 as Bitcoin and Solana write it: each zero byte in front is a "1". */
export function base58(bytes: Uint8Array): string {
  let number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
  let text = ''
  for (; number > 0n; number /= 58n) text = alphabet.charAt(Number(number % 58n)) + text
  const firstDigit = bytes.findIndex((byte) => byte !== 0)
  return '1'.repeat(firstDigit < 0 ? bytes.length : firstDigit) + text
}
