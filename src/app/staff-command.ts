import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { openRecords } from './records.ts';
import { createStaff } from '../business/identity/staff/staff.ts';
import { loadConfig } from './config.ts';
import { Conflict } from '../platform/process/errors.ts';
import { createLogger } from '../platform/process/logger.ts';
import { Passwords } from '../platform/crypto/password.ts';

/**
 * Makes an account for one of the platform's staff: the first has nobody to make it over the API. The password is
 * made here and shown once, so that it stands in no shell's history.
 */
const { values } = parseArgs({ options: { email: { type: 'string' }, name: { type: 'string' } } });
const email = z.email().toLowerCase().safeParse(values.email);
if (!email.success) {
  console.error('Usage: npm run staff:create -- --email sam@example.com [--name "Sam Lindqvist"]');
  process.exit(2);
}

const config = loadConfig(process.env);
await using records = await openRecords({ config, logger: createLogger(config) });
const password = randomBytes(18).toString('base64url');
const name = values.name ?? email.data.split('@', 1)[0]!;
try {
  const dependencies = { tenancy: records.tenancy, passwords: new Passwords() };
  const staff = await createStaff(dependencies, undefined, { email: email.data, name, password });
  console.log(`${staff.name} (${staff.id}) signs in at POST /v1/platform/auth/sign-in as ${staff.email}.`);
  console.log(`Password, shown this once: ${password}`);
} catch (error) {
  if (!(error instanceof Conflict)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
