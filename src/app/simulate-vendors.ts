import { allVendors, type Vendor, type VendorSettings } from '../vendors/vendors.ts';
import type { Config } from './config.ts';

/**
 * Replaces the addresses of vendors without a key with those of their stand-ins. An optional vendor without settings is
 * simulated beside them, so that it can be tried.
 */
export function simulateVendors(
  config: Config,
  addresses: Readonly<Record<string, string>>,
  vendors: readonly Vendor[] = allVendors,
): Config {
  const accounts: Readonly<Record<string, VendorSettings | undefined>> = config.vendors;
  const simulatedVendors = vendors.flatMap(({ name, simulated }) => {
    const baseUrl = addresses[name];
    if (simulated === undefined || baseUrl === undefined) return [];
    const account = accounts[name];
    const isSimulated =
      simulated.when === 'not-set-up' ? config.simulated.includes(name) : account === undefined;
    return isSimulated ? [[name, { ...(account ?? simulated.account), baseUrl }] as const] : [];
  });
  return {
    ...config,
    vendors: { ...config.vendors, ...Object.fromEntries(simulatedVendors) },
    simulated: simulatedVendors.map(([name]) => name),
  };
}
