import type { NumberCapabilities } from './phone-number-table.ts';

/** What a carrier sells numbers by. A failure that is not one of the outcomes named here is a VendorError. */
export interface NumberCarrier {
  /** Undefined where the carrier sells nothing in that country, or not of that type. */
  searchAvailable(search: NumberSearch): Promise<readonly AvailableNumber[] | undefined>;
  /** The number, if the account has it. */
  findOwned(number: string): Promise<OwnedNumber | undefined>;
  /** Buys, once: a number that the account has already is `refused`. When it throws, it may have been bought. */
  order(number: string, webhooks: NumberWebhooks): Promise<OrderOutcome>;
  /** Where calls to the number are announced. Undefined when the account has it no more. */
  configure(carrierSid: string, webhooks: NumberWebhooks): Promise<OwnedNumber | undefined>;
  /** Gives the number back. One that is gone already is a success. */
  release(carrierSid: string): Promise<void>;
}

export const numberTypes = ['local', 'toll-free', 'mobile'] as const;
export type NumberType = (typeof numberTypes)[number];

export interface NumberSearch {
  /** ISO 3166-1. */
  readonly country: string;
  readonly type: NumberType;
  readonly areaCode?: string | undefined;
  /** Digits, letters, and `*` for any one digit. */
  readonly contains?: string | undefined;
  readonly capabilities: readonly (keyof NumberCapabilities)[];
  readonly limit: number;
}

export interface AvailableNumber {
  /** E.164. */
  readonly number: string;
  readonly country: string;
  readonly locality: string | null;
  readonly region: string | null;
  readonly capabilities: NumberCapabilities;
  /** Whether the carrier asks its buyer for an address: `none`, `any`, `local`, `foreign`. */
  readonly addressRequirement: string;
}

export interface NumberWebhooks {
  readonly voiceUrl: string;
  readonly statusUrl: string;
}

export interface OwnedNumber {
  readonly carrierSid: string;
  /** E.164. */
  readonly number: string;
  readonly capabilities: NumberCapabilities;
  /** Empty where nothing is set. */
  readonly voiceUrl: string;
  readonly statusUrl: string;
}

export type OrderOutcome =
  | { readonly type: 'ordered'; readonly owned: OwnedNumber }
  /** The carrier will not sell it: somebody else has it, or it asks for papers first. */
  | { readonly type: 'refused'; readonly reason: string };
