import { hash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { retiredColumns } from './retired.ts';

/** A release: every file that defines its schema, with a digest. */
export interface Release {
  readonly version: string;
  /** Columns of its schema that its code no longer uses. */
  readonly retired: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

// The statements of the last release, which the upgrade test runs. They are rewritten for each release.
const releasedProcess = 'test/contracts/upgrade/released-process.ts';
const migrationFile = /^db\/migrations\/(\d{4}-.+)\.ts$/;

/** The releases, oldest first. Paths are relative to `root`, the folder of the repository. */
export async function readReleases(root: URL): Promise<readonly Release[]> {
  return JSON.parse(await readFile(releasesFile(root), 'utf8')) as Release[];
}

/** The names of the migrations of this release. */
export function stepsOf({ files }: Release): readonly string[] {
  return Object.keys(files).flatMap((path) => migrationFile.exec(path)?.[1] ?? []);
}

/** The files of a release that have changed since. */
export async function changedFiles(root: URL, release: Release): Promise<readonly string[]> {
  const now = await digests(root);
  return Object.entries(release.files)
    .filter(([path, digest]) => now[path] !== digest)
    .map(([path]) => path);
}

/**
 * Declares the current files as the release `version`. The newest release may be declared again until it is out; files
 * of earlier ones must be unchanged.
 */
export async function freeze(root: URL, version: string): Promise<Release> {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`A release is named like 1.2.3, not ${version}.`);
  const releases = await readReleases(root);
  const earlier = releases.at(-1)?.version === version ? releases.slice(0, -1) : releases;
  if (earlier.some((release) => release.version === version)) {
    throw new Error(
      `${version} has been followed by ${releases.at(-1)!.version}, and cannot be declared anew.`,
    );
  }
  const before = earlier.at(-1);
  const changed = before === undefined ? [] : await changedFiles(root, before);
  const broken = changed.filter((path) => path !== releasedProcess);
  if (broken.length > 0) {
    throw new Error(`Released with ${before!.version}, and changed since: ${broken.join(', ')}.`);
  }
  const release = { version, retired: retiredColumns, files: await digests(root) };
  await writeFile(releasesFile(root), `${JSON.stringify([...earlier, release], null, 2)}\n`);
  return release;
}

async function digests(root: URL): Promise<Record<string, string>> {
  const migrations = (await readdir(new URL('db/migrations/', root))).toSorted();
  const paths = [
    ...migrations.map((name) => `db/migrations/${name}`),
    // Every migration uses it, so a change of it would change them.
    'db/row-level-security.ts',
    releasedProcess,
  ];
  const entries = paths.map(
    async (path) => [path, hash('sha256', await readFile(new URL(path, root)))] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

function releasesFile(root: URL): URL {
  return new URL('db/releases.json', root);
}
