// The same suites as on the embedded database: each opens one of its own on the server in DATABASE_URL.
import '../../business/tenancy/access/idempotency.test.ts';
import '../../business/tenancy/access/route-access.test.ts';
import '../../business/identity/api-keys/usage-meter.test.ts';
import '../../business/tenancy/audit/audit-processor.test.ts';
import '../../business/identity/auth/one-time-codes.test.ts';
import '../../business/identity/auth/password-reset.test.ts';
import '../../business/identity/auth/phone.test.ts';
import '../../business/identity/auth/refresh.test.ts';
import '../../business/desk/bookings/bookings.test.ts';
import '../../business/record/calls/ingest/ingest.test.ts';
import '../../business/every-route.test.ts';
import '../../business/foreign-tenant.test.ts';
import '../../business/knowledge/knowledge-routes.test.ts';
import '../../business/identity/members/members.test.ts';
import '../../business/identity/staff/platform-staff.test.ts';
import '../../business/tenant-wall.test.ts';
import '../../business/desk/tickets/tickets.test.ts';
import '../../db/schema.test.ts';
import { requireService } from '../../support/services.ts';

requireService('DATABASE_URL');
