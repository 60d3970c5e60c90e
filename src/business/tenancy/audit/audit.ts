/** The audit log: entries written from audited events, and how they are listed. */
export { auditEndpoints } from './audit-endpoints.ts';
export { auditProcessor } from './audit-processor.ts';
export { eraseAuditDetails } from './erase-details.ts';
