/** What a file can be that is to be signed. */
export const kinds = ['transaction', 'message', 'typed-data', 'psbt'] as const
export type Kind = (typeof kinds)[number]
