import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changedFiles, freeze, readReleases, stepsOf } from '../../db/releases.ts';

const repository = new URL('../../', import.meta.url);

describe('the last release', () => {
  it('is made of files that nobody has changed since', async () => {
    const release = (await readReleases(repository)).at(-1);
    // A released step stays as it is: what is to be different is a step of its own.
    expect(release === undefined ? [] : await changedFiles(repository, release)).toEqual([]);
  });
});

describe('declaring a release', () => {
  let folder: string;
  let root: URL;
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-releases-'));
    root = pathToFileURL(`${folder}/`);
    await cp(new URL('db/migrations/', repository), new URL('db/migrations/', root), { recursive: true });
    await write('db/row-level-security.ts', 'the policies');
    await write('test/contracts/upgrade/released-process.ts', 'the statements of 1.0.0');
    await write('db/releases.json', '[]');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('puts every step on record', async () => {
    const release = await freeze(root, '1.0.0');
    expect(await readReleases(root)).toEqual([release]);
    expect(stepsOf(release)[0]).toBe('0001-roles');
    expect(await changedFiles(root, release)).toEqual([]);
  });

  it('shows each file that is changed or missing afterwards, and no step that is added', async () => {
    const release = await freeze(root, '1.0.0');
    await write('db/migrations/9999-added.ts', 'a step of the next release');
    expect(await changedFiles(root, release)).toEqual([]);
    await write('db/migrations/0001-roles.ts', 'something else');
    await write('db/row-level-security.ts', 'other policies');
    await rm(new URL('db/migrations/0003-tenancy.ts', root));
    expect(await changedFiles(root, release)).toEqual([
      'db/migrations/0001-roles.ts',
      'db/migrations/0003-tenancy.ts',
      'db/row-level-security.ts',
    ]);
  });

  it('can be done again for the newest, until it is out', async () => {
    await freeze(root, '1.0.0');
    await write('db/migrations/0001-roles.ts', 'something else');
    const again = await freeze(root, '1.0.0');
    expect(await readReleases(root)).toEqual([again]);
    expect(await changedFiles(root, again)).toEqual([]);
  });

  it('adds the steps and takes the new statements of the next', async () => {
    await freeze(root, '1.0.0');
    await write('db/migrations/9999-added.ts', 'a step of the next release');
    await write('test/contracts/upgrade/released-process.ts', 'the statements of 1.1.0');
    const next = await freeze(root, '1.1.0');
    expect(stepsOf(next)).toContain('9999-added');
    expect((await readReleases(root)).map(({ version }) => version)).toEqual(['1.0.0', '1.1.0']);
    await expect(freeze(root, '1.0.0')).rejects.toThrow('1.0.0 has been followed by 1.1.0');
  });

  it('is refused when a step of an earlier one has changed, and for a name that is no version', async () => {
    await freeze(root, '1.0.0');
    await write('db/migrations/0001-roles.ts', 'something else');
    await expect(freeze(root, '1.1.0')).rejects.toThrow(
      'Released with 1.0.0, and changed since: db/migrations/0001-roles.ts.',
    );
    await expect(freeze(root, 'next')).rejects.toThrow('A release is named like 1.2.3, not next.');
  });
});
