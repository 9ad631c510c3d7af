/** In bytes. In hex it fits the coordinator's bound on proposals, as a transaction does. */
export const longestMessage = 100_000
