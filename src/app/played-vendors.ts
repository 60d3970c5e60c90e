import type { Config } from '../platform/config.ts';
import type { VendorName } from '../platform/errors.ts';

/** Sends what would go to the vendors without a key to those who play them. */
export function playedVendors(config: Config, addresses: Readonly<Record<VendorName, string>>): Config {
  const moved = Object.fromEntries(
    config.simulated.map((vendor) => [vendor, { ...config[vendor], baseUrl: addresses[vendor] }]),
  );
  return { ...config, ...moved };
}
