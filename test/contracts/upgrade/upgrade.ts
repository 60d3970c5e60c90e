import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { readReleases, stepsOf } from '../../../db/releases.ts';
import type { OpenDatabase } from '../../../src/platform/data/db.ts';
import { migrate, type MigrationSteps, readMigrations } from '../../../src/platform/data/migrations.ts';
import { openEmptyDatabase, openTestDatabase } from '../../support/test-database.ts';
import { ReleasedProcess } from './released-process.ts';

const root = new URL('../../../', import.meta.url);

/** A step that is not in the repository, taken after all that are. */
function furtherStep(...statements: string[]): MigrationSteps {
  return {
    '9999-further': {
      async up(db) {
        for (const statement of statements) await sql.raw(statement).execute(db);
      },
    },
  };
}

const lastRelease = (await readReleases(root)).at(-1);

/** The steps of the last release; all there are while nothing has been released. */
async function releasedSteps(): Promise<MigrationSteps> {
  const steps = await readMigrations();
  if (lastRelease === undefined) return steps;
  return Object.fromEntries(stepsOf(lastRelease).map((name) => [name, steps[name]!]));
}

/** What becomes of a process of the last release while the schema under it takes these steps. */
async function upgradeUnder(
  database: OpenDatabase,
  steps: MigrationSteps,
  retired = lastRelease?.retired ?? [],
) {
  const process = await ReleasedProcess.start(database.pool, retired);
  await process.workFor(1);
  const taken = await migrate(database.db, steps);
  // The round that is going on began before the upgrade; the next begins after it.
  await process.workFor(2);
  await process.stop();
  return { taken, failures: [...process.failures], lost: await process.lost() };
}

/** The promise of expand-and-contract: processes of the last release go on while the schema is upgraded. */
export function describeUpgrade(kind: OpenDatabase['kind']): void {
  describe(`an upgrade of the ${kind} database under a process of the last release`, () => {
    async function upgradeTo(further: MigrationSteps, retired?: readonly string[]) {
      await using database = await openTestDatabase(kind);
      return await upgradeUnder(database, { ...(await readMigrations()), ...further }, retired);
    }

    it('fails none of its statements and loses none of its rows', async () => {
      await using database = await openEmptyDatabase(kind);
      await migrate(database.db, await releasedSteps());
      const { failures, lost } = await upgradeUnder(database, await readMigrations());
      expect({ failures, lost }).toEqual({ failures: [], lost: [] });
    });

    it('takes a step that expands the schema', async () => {
      const { taken, failures, lost } = await upgradeTo(
        furtherStep(
          'alter table booking add column party_size integer',
          `alter table ticket add column source text not null default 'phone'`,
          "update ticket set source = 'phone' where source <> 'phone'",
          'create index ticket_by_source on ticket (tenant_id, source)',
        ),
      );
      expect({ taken, failures, lost }).toEqual({ taken: ['9999-further'], failures: [], lost: [] });
    });

    it('shows a column that was dropped at once', async () => {
      const { failures, lost } = await upgradeTo(furtherStep('alter table booking drop column note'));
      expect(failures).toContain('column "note" does not exist');
      expect(lost).toContain('booking tnt_released bkg_1');
    });

    it('takes a step that drops a column which the release had retired', async () => {
      const { failures, lost } = await upgradeTo(furtherStep('alter table booking drop column note'), [
        'booking.note',
      ]);
      expect({ failures, lost }).toEqual({ failures: [], lost: [] });
    });

    it('shows a column that older processes do not know to fill', async () => {
      const { failures } = await upgradeTo(
        furtherStep(
          'alter table ticket add column source text',
          `update ticket set source = 'phone'`,
          'alter table ticket alter column source set not null',
        ),
      );
      expect(failures.join()).toMatch(/null value in column "source" of relation "ticket"/);
    });

    it('shows a rule that the rows of older processes break', async () => {
      const { failures } = await upgradeTo(
        furtherStep(`alter table phone_message add check (body <> 'Ring back.') not valid`),
      );
      expect(failures.join()).toMatch(/violates check constraint "phone_message_body_check"/);
    });

    it('shows rows that were lost or changed', async () => {
      const { lost } = await upgradeTo(
        furtherStep('delete from phone_message', `update customer set name = upper(name)`),
      );
      expect(lost).toEqual(
        expect.arrayContaining(['phone_message tnt_released msg_1', 'customer tnt_released cus_1']),
      );
    });
  });
}
