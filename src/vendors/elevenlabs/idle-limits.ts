import type { IdleLimit } from '../vendor.ts';

export const idleLimits = {
  /** docs/protocols/elevenlabs.md 4: 20 s by default, per context; 180 s are requested and not relied on. */
  contexts: { vendorClosesAfterMs: 20_000, keepAliveEveryMs: 8_000 },
} as const satisfies Readonly<Record<string, IdleLimit>>;

/** Maximum of the query parameter `inactivity_timeout`. */
export const INACTIVITY_TIMEOUT_SECONDS = 180;
