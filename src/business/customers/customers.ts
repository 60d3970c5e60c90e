/** Customers: the people who call and write, with export and erasure of their data. */
export type { Customer } from './customer.ts';
export { customerEndpoints } from './customer-endpoints.ts';
export { countCustomers } from './customer-figures.ts';
export { customerEvents } from './customer-events.ts';
export { changedRows, type CustomerHolding, customerRows, onlyErases } from './customer-holding.ts';
export {
  findCustomerByPhone,
  findOrCreateCustomerByPhone,
  getCustomer,
  renameCustomer,
} from './customer-service.ts';
export { findPhone, parsePhone } from './phone.ts';
