export function builtHashes(): readonly string[]
export function recordedHashes(): string
