import type { ValuesOf, Variables } from '../platform/process/environment.ts';
import type { Carries, Embeds, Hears, Sends, SignsIn, Speaks, Thinks, VendorSettings } from './fulfils.ts';

/**
 * Everything the server knows of one vendor, as one value. `src/vendors/all-vendors.ts` lists them; nothing else in
 * the server names a vendor to reach it. Prices are in US dollars, and list prices unless said otherwise: a deployment
 * with a contract of its own passes its own table.
 */
export interface Vendor<
  Name extends string = string,
  Declared extends Variables = Variables,
  Settings extends VendorSettings | undefined = VendorSettings | undefined,
> {
  readonly name: Name;
  /** Environment variables. One with a remedy is required in production. */
  readonly environment: Declared;
  /** Reads the settings from the variables. Undefined if the vendor is optional and not set up. */
  settings(values: ValuesOf<Declared>): Settings;
  /** Absent if the simulator has no stand-in for the vendor. */
  readonly simulated?: Simulation<Declared, NonNullable<Settings>>;
  /** Idle limits by kind of socket. */
  readonly idleLimits?: Readonly<Record<string, IdleLimit>>;

  // What the vendor fulfils; each factory implements a contract that lies with the code that needs it.

  /** Recognisers by model; the first one is the default. */
  readonly hears?: Readonly<Record<string, Hears<NonNullable<Settings>>>>;
  readonly speaks?: Speaks<NonNullable<Settings>>;
  readonly thinks?: Thinks<NonNullable<Settings>>;
  readonly embeds?: Embeds<NonNullable<Settings>>;
  readonly carries?: Carries<NonNullable<Settings>>;
  readonly sends?: Sends<NonNullable<Settings>>;
  readonly signsIn?: SignsIn<NonNullable<Settings>>;
}

/** When a vendor is simulated outside of production, and the account of its stand-in. */
export type Simulation<Declared extends Variables, Settings extends VendorSettings> = {
  readonly account: Omit<Settings, 'baseUrl'>;
} & (
  | {
      /** The vendor is required, and simulated unless there is a key or another address is configured. */
      readonly when: 'not-set-up';
      isSetUp(values: ValuesOf<Declared>): boolean;
    }
  | {
      /** The vendor is optional, and simulated without settings if the simulator runs for another vendor. */
      readonly when: 'others-are';
    }
);

/** How long a vendor keeps an idle socket, and how often a keep-alive is sent. */
export interface IdleLimit {
  /** The vendor closes a socket after this long without a message. */
  readonly vendorClosesAfterMs: number;
  /** Interval of keep-alives; less than half of the limit, so that one may be lost. */
  readonly keepAliveEveryMs: number;
}

/** Checks a vendor's value at compile time and keeps its types. */
export function defineVendor<
  const Name extends string,
  Declared extends Variables,
  Settings extends VendorSettings | undefined,
>(vendor: Vendor<Name, Declared, Settings>): Vendor<Name, Declared, Settings> {
  return vendor;
}

/** The settings of a list of vendors, by name. */
export type SettingsOf<List extends readonly Vendor[]> = {
  readonly [Listed in List[number] as Listed['name']]: ReturnType<Listed['settings']>;
};
