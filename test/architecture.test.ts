import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Keeps the import diagram of the shelves true: a call is answered by an agent doing business, some of it later as
 * jobs, through vendors, on audio and platform, rehearsed in the simulator.
 */
const root = resolve(import.meta.dirname, '..');

const mayImport: Readonly<Record<string, readonly string[]>> = {
  call: ['agent', 'business', 'audio', 'platform'],
  chat: ['agent', 'business', 'platform'],
  agent: ['business', 'platform'],
  business: ['jobs', 'platform'],
  jobs: ['platform'],
  vendors: ['platform', 'audio'],
  audio: [],
  platform: ['db'],
  simulator: ['audio'],
  db: ['platform', 'business', 'src/app/config.ts'],
  seed: ['app', 'business', 'platform', 'src/vendors/prices.ts'],
  app: ['call', 'chat', 'agent', 'business', 'jobs', 'vendors', 'audio', 'platform', 'db'],
  main: ['app', 'platform', 'simulator'],
};

/** Vendors fulfil contracts that live beside the code that needs them: the types alone may be imported. */
const mayImportTypesOf: Readonly<Record<string, readonly string[]>> = {
  vendors: ['call', 'agent', 'business', 'chat'],
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const pattern =
    /(?:^|\n)\s*(import|export)\s+(type\s)?[^;'"]*?from\s+'(\.[^']+)'|import\(\s*'(\.[^']+)'\s*\)/g;
  return [...text.matchAll(pattern)].map((match) => ({
    from: file,
    to: relative(root, resolve(root, dirname(file), (match[3] ?? match[4])!)),
    typeOnly: match[2] !== undefined,
  }));
}

/**
 * `src/call/turn/x.ts` stands on the shelf `call`; `src/app.ts` and `src/app/…` on `app`; `db/…` on `db`, but the seed,
 * which is started by a person and puts its parts together as the server does.
 */
function shelfOf(file: string): string {
  const [top, second] = file.split('/');
  if (top === 'db' && second!.startsWith('seed')) return 'seed';
  return top === 'src' ? second!.replace(/\.ts$/, '') : top!;
}

function isAllowed({ from, to, typeOnly }: Import): boolean {
  const shelf = shelfOf(from);
  const target = shelfOf(to);
  const allowed = mayImport[shelf];
  if (shelf === target || allowed === undefined) return shelf === target;
  if (allowed.includes(target) || allowed.some((path) => to === path)) return true;
  return typeOnly && (mayImportTypesOf[shelf]?.includes(target) ?? false);
}

const everyImport = ['src', 'simulator', 'db'].flatMap(sourceFiles).flatMap(importsOf);

describe('the import diagram', () => {
  it('holds: every import points along an arrow of the diagram', () => {
    const wrong = everyImport.filter((entry) => !isAllowed(entry)).map(({ from, to }) => `${from} → ${to}`);
    expect(wrong).toEqual([]);
  });

  it('sees the imports it judges', () => {
    expect(everyImport.length).toBeGreaterThan(20);
  });

  it('keeps the database queries of a domain to that domain', () => {
    const wrong = everyImport
      .filter(({ to }) => /^src\/business\/.+\/queries\.ts$/.test(to))
      .filter(({ from, to }) => dirname(from) !== dirname(to))
      .map(({ from, to }) => `${from} → ${to}`);
    expect(wrong).toEqual([]);
  });

  it('keeps vendor packages out of everything but vendors and the composition root', () => {
    const pattern = /from '(twilio|openai|@deepgram\/sdk|elevenlabs)(\/[^']*)?'/;
    const wrong = sourceFiles('src')
      .filter((file) => shelfOf(file) !== 'vendors')
      .filter((file) => pattern.test(readFileSync(join(root, file), 'utf8')));
    expect(wrong).toEqual([]);
  });
});
