import { writeFile } from 'node:fs/promises';
import { openDatabase } from '../src/platform/data/db.ts';
import { migrate } from '../src/platform/data/migrations.ts';
import { renderDataModel } from './data-model.ts';

/** Writes the pages of docs/ that are made from the code. Tests compare them with what would be written. */
await using database = await openDatabase({ databaseUrl: undefined, dataDir: ':memory:', logger: console });
await migrate(database.db);
await writeFile(new URL('../docs/DATA-MODEL.md', import.meta.url), await renderDataModel(database.db));
