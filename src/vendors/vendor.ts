import type { ValuesOf, Variables } from '../platform/process/environment.ts';

/** What an account at a vendor always has: the address it is at, which tests, proxies and the simulator move. */
export interface VendorSettings {
  /** http(s); sockets use the ws(s) form of it. */
  readonly baseUrl: string;
}

/**
 * Everything the server knows of one vendor, as one value. `src/vendors/all-vendors.ts` lists them; nothing else in
 * the server names a vendor to reach it.
 */
export interface Vendor<
  Name extends string = string,
  Declared extends Variables = Variables,
  Settings extends VendorSettings | undefined = VendorSettings | undefined,
> {
  readonly name: Name;
  /** Its variables. One with a remedy is required in production. */
  readonly environment: Declared;
  /** Its account, read from its variables. Undefined where the vendor is optional and not set up. */
  settings(values: ValuesOf<Declared>): Settings;
  /** Left out where the simulator has no stand-in for it. */
  readonly simulated?: Simulation<Declared, NonNullable<Settings>>;
}

/** When the simulator plays a vendor outside of production, and the account its stand-in is given. */
export type Simulation<Declared extends Variables, Settings extends VendorSettings> = {
  readonly account: Omit<Settings, 'baseUrl'>;
} & (
  | {
      /** The server cannot do without the vendor: played unless there is a key, or somebody moved its address. */
      readonly when: 'not-set-up';
      isSetUp(values: ValuesOf<Declared>): boolean;
    }
  | {
      /** Optional: played, where it is not set up, when the simulator runs for another vendor anyway. */
      readonly when: 'others-are';
    }
);

/** Checks a vendor's value and keeps its types. */
export function defineVendor<
  const Name extends string,
  Declared extends Variables,
  Settings extends VendorSettings | undefined,
>(vendor: Vendor<Name, Declared, Settings>): Vendor<Name, Declared, Settings> {
  return vendor;
}

/** The accounts of a list of vendors, by name. */
export type SettingsOf<List extends readonly Vendor[]> = {
  readonly [Listed in List[number] as Listed['name']]: ReturnType<Listed['settings']>;
};
