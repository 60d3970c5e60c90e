/**
 * How long each vendor keeps a socket on which nothing happens, and how often we speak up to stay below that
 * (less than half of it, so that one lost message is no loss of the line).
 */
export interface IdleLimit {
  /** After this long without a message the vendor closes. */
  readonly vendorClosesAfterMs: number;
  /** We send something harmless when we have been silent for this long. */
  readonly keepAliveEveryMs: number;
}

export const idleLimits = {
  /** Not documented for v2; the 10 s of v1 are assumed. There is no KeepAlive message: silence is sent. */
  deepgramFlux: { vendorClosesAfterMs: 10_000, keepAliveEveryMs: 4_000 },
  /** deepgram.md 1.5: close 1011 NET-0001 after 10 s; "every 3-5 s". */
  deepgramNova: { vendorClosesAfterMs: 10_000, keepAliveEveryMs: 4_000 },
  /** deepgram.md 4: 60 s on speak v2, reset by WebSocket pings; v1 states no figure, so the same is assumed. */
  deepgramAura: { vendorClosesAfterMs: 60_000, keepAliveEveryMs: 20_000 },
  /** elevenlabs.md 3 and 4: 20 s by default, per context; we ask for the maximum of 180 s and still do not rely on it. */
  elevenlabs: { vendorClosesAfterMs: 20_000, keepAliveEveryMs: 8_000 },
} as const satisfies Record<string, IdleLimit>;

/** What `inactivity_timeout` may be at most (elevenlabs.md 3). */
export const ELEVENLABS_INACTIVITY_TIMEOUT_SECONDS = 180;
