/** The list of vendors, what a vendor may fulfil, and prices. */
export { allVendors } from './all-vendors.ts';
export type { CarrierConnection, MessageSender, VendorSettings, Warm } from './fulfils.ts';
export { listPrices } from './prices.ts';
export type { SettingsOf, Vendor } from './vendor.ts';
export type { VoiceAccount } from './voice-account.ts';
