/** How long the outcome of a new wallet's session can still be asked for after its time was up. */
export const rememberedMs = 30 * 24 * 3600_000
/** Nobody waits for the outcome of a signature. */
export const signingRememberedMs = 3600_000
/** Who lost its stream shortly before the end still learns what was sent; clients give up after a minute. */
export const messagesRememberedMs = 60_000
/** What ended before a run began: whoever was invited still learns why, and nothing was stored that could be asked for. */
export const neverRunRememberedMs = 600_000
