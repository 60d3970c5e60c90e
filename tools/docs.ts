import { writeFile } from 'node:fs/promises';
import { openDatabase } from '../src/platform/data/db.ts';
import { migrate } from '../src/platform/data/migrations.ts';
import { renderDataModel } from './data-model.ts';
import { renderErrors } from './errors-page.ts';
import { renderEvents } from './events-page.ts';

/** Writes the generated pages of docs/. Tests check that they are up to date. */
function writePage(name: string, text: string): Promise<void> {
  return writeFile(new URL(`../docs/${name}`, import.meta.url), text);
}

await writePage('errors.md', renderErrors());
await writePage('EVENTS.md', renderEvents());
await using database = await openDatabase({ databaseUrl: undefined, dataDir: ':memory:', logger: console });
await migrate(database.db);
await writePage('DATA-MODEL.md', await renderDataModel(database.db));
