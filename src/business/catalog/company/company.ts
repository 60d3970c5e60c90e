/** The door of the company: what the business says of itself. */
export { type Address, addressSchema, decryptAddress, encryptAddress } from './address.ts';
export { companyEndpoints } from './company-endpoints.ts';
export { companyEvents } from './company-events.ts';
