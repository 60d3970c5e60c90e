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
  /** Its variables. One with a remedy is required in production. */
  readonly environment: Declared;
  /** Its account, read from its variables. Undefined where the vendor is optional and not set up. */
  settings(values: ValuesOf<Declared>): Settings;
  /** Left out where the simulator has no stand-in for it. */
  readonly simulated?: Simulation<Declared, NonNullable<Settings>>;
  /** Of each kind of socket it is reached by. */
  readonly idleLimits?: Readonly<Record<string, IdleLimit>>;

  // What it fulfils; each factory stands behind a contract of the code that needs it. Payments (`pays`) come with theirs.

  /** Recognisers by model, the one that is meant when no model is named first. */
  readonly hears?: Readonly<Record<string, Hears<NonNullable<Settings>>>>;
  readonly speaks?: Speaks<NonNullable<Settings>>;
  readonly thinks?: Thinks<NonNullable<Settings>>;
  readonly embeds?: Embeds<NonNullable<Settings>>;
  readonly carries?: Carries<NonNullable<Settings>>;
  readonly sends?: Sends<NonNullable<Settings>>;
  readonly signsIn?: SignsIn<NonNullable<Settings>>;
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

/** How long a vendor keeps a socket on which nothing happens, and how often we speak up to stay below that. */
export interface IdleLimit {
  /** After this long without a message the vendor closes. */
  readonly vendorClosesAfterMs: number;
  /** Something harmless is sent after this long; less than half of the limit, so that one may be lost. */
  readonly keepAliveEveryMs: number;
}

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
