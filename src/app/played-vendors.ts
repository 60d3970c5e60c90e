import type { Config } from '../platform/process/config.ts';
import type { VendorName } from '../platform/process/errors.ts';

type PlayedVendor = 'twilio' | 'deepgram' | 'openai' | 'elevenlabs' | 'google';

/**
 * Sends what would go to the vendors without a key to those who play them. Google is played too where nobody has set
 * it up, so that signing in with it can be tried; whoever signs in there says who he is, and nobody checks.
 */
export function playedVendors(config: Config, addresses: Readonly<Record<PlayedVendor, string>>): Config {
  const moved = Object.fromEntries(
    config.simulated
      .filter((vendor) => isPlayed(vendor, addresses))
      .map((vendor) => [vendor, { ...config[vendor], baseUrl: addresses[vendor] }]),
  );
  if (config.google !== undefined) return { ...config, ...moved };
  const google = { clientId: 'simulated', clientSecret: 'simulated', baseUrl: addresses.google };
  return { ...config, ...moved, google, simulated: [...config.simulated, 'google'] };
}

function isPlayed(
  vendor: VendorName,
  addresses: Readonly<Record<PlayedVendor, string>>,
): vendor is PlayedVendor {
  return vendor in addresses;
}
