import { allVendors, type Vendor, type VendorSettings } from '../vendors/vendors.ts';
import type { Config } from './config.ts';

/**
 * Sends what would go to the vendors without a key to their stand-ins at `addresses`. An optional vendor that nobody
 * has set up is played beside them, so that it can be tried.
 */
export function playedVendors(
  config: Config,
  addresses: Readonly<Record<string, string>>,
  vendors: readonly Vendor[] = allVendors,
): Config {
  const accounts: Readonly<Record<string, VendorSettings | undefined>> = config.vendors;
  const played = vendors.flatMap(({ name, simulated }) => {
    const baseUrl = addresses[name];
    if (simulated === undefined || baseUrl === undefined) return [];
    const account = accounts[name];
    const isPlayed =
      simulated.when === 'not-set-up' ? config.simulated.includes(name) : account === undefined;
    return isPlayed ? [[name, { ...(account ?? simulated.account), baseUrl }] as const] : [];
  });
  return {
    ...config,
    vendors: { ...config.vendors, ...Object.fromEntries(played) },
    simulated: played.map(([name]) => name),
  };
}
