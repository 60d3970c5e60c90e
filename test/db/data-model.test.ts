import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { renderDataModel } from '../../tools/data-model.ts';
import { openTestDatabase } from '../support/test-database.ts';

it('docs/DATA-MODEL.md is what npm run docs writes', async () => {
  await using database = await openTestDatabase('embedded');
  const written = await readFile(new URL('../../docs/DATA-MODEL.md', import.meta.url), 'utf8');
  expect(written).toBe(await renderDataModel(database.db));
});
