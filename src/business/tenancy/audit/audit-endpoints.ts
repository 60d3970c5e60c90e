import { endpoint } from '../access/access.ts';
import { auditPageSchema, auditQuery } from './audit-entry.ts';
import { listAuditEntries } from './audit-service.ts';

export const auditEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/audit-log',
    needs: 'audit-log:read',
    tag: 'Audit log',
    summary: 'List what was changed, by whom and from where, newest first',
    query: auditQuery,
    answers: { 200: auditPageSchema },
    handle: ({ tx, query }) => listAuditEntries(tx, query),
  }),
];
