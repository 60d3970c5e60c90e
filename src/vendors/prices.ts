import type { PriceTable } from '../business/record/calls/calls.ts';
import { allVendors } from './all-vendors.ts';
import type { Vendor } from './vendor.ts';

/** The price table of these vendors, by name of service. */
export function pricesOf(vendors: readonly Vendor[]): PriceTable {
  return {
    currency: 'USD',
    speechToTextPerMinute: Object.fromEntries(
      vendors
        .flatMap(({ hears = {} }) => Object.values(hears))
        .map(({ service, pricePerMinute }) => [service, pricePerMinute]),
    ),
    modelPerMillionTokens: Object.assign(
      {},
      ...vendors.map(({ thinks }) => thinks?.prices),
    ) as PriceTable['modelPerMillionTokens'],
    textToSpeechPerThousandCharacters: Object.fromEntries(
      vendors
        .flatMap(({ speaks }) => speaks ?? [])
        .map(({ service, pricePerThousandCharacters }) => [service, pricePerThousandCharacters]),
    ),
    telephonyPerMinute: vendors.find(({ carries }) => carries !== undefined)?.carries?.pricePerMinute ?? 0,
  };
}

/** List prices of all vendors. */
export const listPrices = pricesOf(allVendors);
