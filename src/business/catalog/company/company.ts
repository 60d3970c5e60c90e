/** The profile of the business. */
export { type Address, addressSchema, decryptAddress, encryptAddress } from './address.ts';
export { companyEndpoints } from './company-endpoints.ts';
export { companyEvents } from './company-events.ts';
