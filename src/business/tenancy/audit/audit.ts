/** The door of the audit log: the entries that audited events leave, and how they are read. */
export { auditEndpoints } from './audit-endpoints.ts';
export { auditProcessor } from './audit-processor.ts';
export { eraseAuditDetails } from './erase-details.ts';
