// The same suites as on the embedded database: each opens one of its own on the server in DATABASE_URL.
import '../../business/access/idempotency.test.ts';
import '../../business/access/route-access.test.ts';
import '../../business/api-keys/usage-meter.test.ts';
import '../../business/audit/record-change.test.ts';
import '../../business/auth/one-time-codes.test.ts';
import '../../business/auth/password-reset.test.ts';
import '../../business/auth/phone.test.ts';
import '../../business/auth/refresh.test.ts';
import '../../business/bookings/bookings.test.ts';
import '../../business/calls/ingest.test.ts';
import '../../business/every-route.test.ts';
import '../../business/foreign-tenant.test.ts';
import '../../business/knowledge/knowledge-routes.test.ts';
import '../../business/members/members.test.ts';
import '../../business/platform-staff/platform-staff.test.ts';
import '../../business/tenant-wall.test.ts';
import '../../business/tickets/tickets.test.ts';
import '../../db/schema.test.ts';
import { requireService } from '../../support/services.ts';

requireService('DATABASE_URL');
