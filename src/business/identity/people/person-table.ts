import type { Generated } from 'kysely';
import type { PersonId } from '../../tenancy/ids/ids.ts';

/** An account that signs in, in any number of tenants. */
export interface PersonTable {
  id: PersonId;
  name: Generated<string>;
  emailEncrypted: string | null;
  emailIndex: string | null;
  emailVerifiedAt: Date | null;
  phoneEncrypted: string | null;
  phoneIndex: string | null;
  phoneVerifiedAt: Date | null;
  passwordHash: string | null;
  googleSubject: string | null;
  createdAt: Generated<Date>;
  updatedAt: Generated<Date>;
  disabledAt: Date | null;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    person: PersonTable;
  }
}
