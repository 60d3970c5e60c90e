/** The door of vendors: the list of them, what each may fulfil, and what they charge. */
export { allVendors } from './all-vendors.ts';
export type { CarrierConnection, MessageSender, VendorSettings, Warm } from './fulfils.ts';
export { listPrices } from './prices.ts';
export type { SettingsOf, Vendor } from './vendor.ts';
export type { VoiceAccount } from './voice-account.ts';
