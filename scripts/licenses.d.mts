export interface Licensed {
  readonly name: string
  readonly version: string
  readonly licence: string
  readonly isShipped: boolean
  readonly isAllowed: boolean
}
export function packagesIn(lock: unknown): readonly Licensed[]
export function document(lock: unknown): Promise<string>
