import type { IdleLimit } from '../vendor.ts';

export const idleLimits = {
  /** Not documented for v2; the 10 s of v1 are assumed. There is no KeepAlive message: silence is sent. */
  flux: { vendorClosesAfterMs: 10_000, keepAliveEveryMs: 4_000 },
  /** docs/protocols/deepgram.md 1.5: close 1011 NET-0001 after 10 s; a KeepAlive "every 3-5 s". */
  nova: { vendorClosesAfterMs: 10_000, keepAliveEveryMs: 4_000 },
  /** docs/protocols/deepgram.md 4: 60 s on v2, reset by WebSocket pings; v1 names no figure, the same is assumed. */
  aura: { vendorClosesAfterMs: 60_000, keepAliveEveryMs: 20_000 },
} as const satisfies Readonly<Record<string, IdleLimit>>;
