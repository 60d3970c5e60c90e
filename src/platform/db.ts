import type { Kysely } from 'kysely';
import type { Database } from '../../db/schema/database.ts';

/** The database or a transaction in it. */
export type Db = Kysely<Database>;
