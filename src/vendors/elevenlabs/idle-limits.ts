import type { IdleLimit } from '../vendor.ts';

export const idleLimits = {
  /** docs/protocols/elevenlabs.md 4: 20 s by default, per context; we ask for 180 s and do not rely on it. */
  contexts: { vendorClosesAfterMs: 20_000, keepAliveEveryMs: 8_000 },
} as const satisfies Readonly<Record<string, IdleLimit>>;

/** What the query parameter `inactivity_timeout` may be at most. */
export const INACTIVITY_TIMEOUT_SECONDS = 180;
