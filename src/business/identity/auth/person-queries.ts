import type { Insertable, Updateable } from 'kysely';
import type { PersonTable } from './person-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { PersonId } from '../../tenancy/references/ids.ts';

const columns = [
  'id',
  'name',
  'emailEncrypted',
  'emailVerifiedAt',
  'phoneEncrypted',
  'passwordHash',
  'googleSubject',
  'disabledAt',
] as const;

export function insertPerson(db: Db, person: Insertable<PersonTable>) {
  return db
    .insertInto('person')
    .values(person)
    .onConflict((conflict) => conflict.doNothing())
    .returning(columns)
    .executeTakeFirst();
}

export function findPersonByEmail(db: Db, indexes: readonly string[]) {
  return db.selectFrom('person').select(columns).where('emailIndex', 'in', indexes).executeTakeFirst();
}

export function findPersonByPhone(db: Db, indexes: readonly string[]) {
  return db.selectFrom('person').select(columns).where('phoneIndex', 'in', indexes).executeTakeFirst();
}

export function findPersonByGoogleSubject(db: Db, subject: string) {
  return db.selectFrom('person').select(columns).where('googleSubject', '=', subject).executeTakeFirst();
}

export function findPersonById(db: Db, personId: PersonId) {
  return db.selectFrom('person').select(columns).where('id', '=', personId).executeTakeFirst();
}

export function updatePerson(db: Db, personId: PersonId, changes: Updateable<PersonTable>) {
  return db.updateTable('person').set(changes).where('id', '=', personId).execute();
}

export function deletePerson(db: Db, personId: PersonId) {
  return db.deleteFrom('person').where('id', '=', personId).execute();
}
