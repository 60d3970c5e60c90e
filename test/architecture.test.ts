import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Keeps the import diagram of the shelves true: a call is answered by an agent doing business, some of it later as
 * jobs, through vendors, on audio and platform, rehearsed in the simulator.
 */
const root = resolve(import.meta.dirname, '..');

const mayImport: Readonly<Record<string, readonly string[]>> = {
  call: ['agent', 'business', 'audio', 'platform'],
  chat: ['agent', 'business', 'jobs', 'platform'],
  agent: ['business', 'platform'],
  business: ['jobs', 'platform'],
  jobs: ['platform'],
  vendors: ['platform', 'audio'],
  audio: [],
  platform: ['db'],
  simulator: ['audio'],
  db: ['platform', 'business', 'src/app/config.ts'],
  seed: ['app', 'business', 'platform', 'src/vendors/vendors.ts'],
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

  it('keeps vendor packages out of everything but vendors and the composition root', () => {
    const pattern = /from '(twilio|openai|@deepgram\/sdk|elevenlabs)(\/[^']*)?'/;
    const wrong = sourceFiles('src')
      .filter((file) => shelfOf(file) !== 'vendors')
      .filter((file) => pattern.test(readFileSync(join(root, file), 'utf8')));
    expect(wrong).toEqual([]);
  });
});

/** `…-table.ts` files say which tables there are; the folder such a file lies in owns the table. */
const owners = new Map(
  sourceFiles('src')
    .filter((file) => file.endsWith('-table.ts'))
    .flatMap((file) => {
      const merged = /interface Tables \{([\s\S]*?)^ {2}\}/m.exec(
        readFileSync(join(root, file), 'utf8'),
      )?.[1];
      return [...(merged ?? '').matchAll(/(\w+): \w+;/g)].map((match) => [match[1]!, dirname(file)] as const);
    }),
);

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const tablesBySqlName = new Map([...owners.keys()].map((table) => [snakeCase(table), table]));

/** The tables that a file names in queries: to Kysely by their names in code, in raw SQL by their own. */
function tablesNamedIn(text: string): ReadonlySet<string> {
  const named = new Set<string>();
  const built =
    /(?:selectFrom|insertInto|updateTable|deleteFrom|(?:inner|left|right|full)Join|tenantTable|matching)\(\s*\[?\s*'(\w+)/g;
  for (const [, table] of text.matchAll(built)) if (owners.has(table!)) named.add(table!);
  for (const [raw] of text.matchAll(/sql(?:<[^`]*?>)?`[^`]*`/g)) {
    for (const [, name] of raw.matchAll(/\b(?:from|join|into|update)\s+(?:public\.)?([a-z_]+)/g)) {
      const table = tablesBySqlName.get(name!);
      if (table !== undefined) named.add(table);
    }
  }
  return named;
}

describe('a table', () => {
  it('is known with its owner', () => {
    expect(owners.size).toBeGreaterThan(50);
  });

  it('is named by the folder that owns it, and by no other', () => {
    const wrong = [
      ...sourceFiles('src').filter((file) => !file.startsWith('src/platform/data/')),
      ...sourceFiles('demo'),
      ...sourceFiles('db').filter(isNoMigration),
    ]
      .flatMap((file) =>
        [...tablesNamedIn(readFileSync(join(root, file), 'utf8'))]
          .filter((table) => !file.startsWith(`${owners.get(table)!}/`))
          .map((table) => `${file} names ${table}, of ${owners.get(table)!}`),
      )
      .toSorted();
    expect(wrong).toEqual([]);
  });
});

function isNoMigration(file: string): boolean {
  return !file.startsWith('db/migrations/');
}

function isBusiness(file: string): boolean {
  return file.startsWith('src/business/');
}

/** Each room stands on those before it. */
const roomsBelow: Readonly<Record<string, readonly string[]>> = {
  tenancy: [],
  identity: ['tenancy'],
  customers: ['tenancy'],
  catalog: ['tenancy', 'customers'],
  knowledge: ['tenancy'],
  line: ['tenancy', 'customers', 'catalog'],
  desk: ['tenancy', 'customers', 'catalog'],
  record: ['tenancy', 'identity', 'customers', 'line', 'desk'],
};

describe('the rooms of the business', () => {
  it('stand on one another as the plan shows: no arrow runs up', () => {
    const room = (file: string): string => file.split('/')[2]!;
    const wrong = everyImport
      .filter(({ from, to }) => isBusiness(from) && isBusiness(to) && room(from) !== room(to))
      .filter(({ from, to }) => !roomsBelow[room(from)]!.includes(room(to)))
      .map(({ from, to }) => `${from} → ${to}`);
    expect(wrong).toEqual([]);
  });

  it('are all in the plan', () => {
    const rooms = new Set(sourceFiles('src/business').map((file) => file.split('/')[2]!));
    expect([...rooms].toSorted()).toEqual(Object.keys(roomsBelow).toSorted());
  });
});

/** Folders without anything private: each file of them is a tool by itself, or a line of the root's table of contents. */
const openFolders = ['src/platform', 'src/audio', 'src/app'];

/** `src/call/turn/turn.ts` is the door of `src/call/turn`; a vendor's is its value. */
function isDoor(file: string): boolean {
  const folder = dirname(file);
  return basename(file, '.ts') === basename(folder) || /^src\/vendors\/\w+\/vendor\.ts$/.test(file);
}

describe('a folder', () => {
  it('is entered by its door, the file named like it; the rest of it is private', () => {
    const outside = ['demo', 'bench', 'tools'].flatMap(sourceFiles).flatMap(importsOf);
    const wrong = [...everyImport, ...outside]
      .filter(({ to }) => to.startsWith('src/') && !openFolders.some((folder) => to.startsWith(`${folder}/`)))
      .filter(({ from, to }) => !`${dirname(from)}/`.startsWith(`${dirname(to)}/`) && !isDoor(to))
      .map(({ from, to }) => `${from} → ${to}`);
    expect(wrong).toEqual([]);
  });
});

describe('imports', () => {
  it('never run in a circle, types included', () => {
    expect(circles(everyImport)).toEqual([]);
  });
});

/** Files that import themselves by way of others: one line for each such group. */
function circles(imports: readonly Import[]): string[] {
  const targets = Map.groupBy(imports, ({ from }) => from);
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[] = [];
  const visit = (file: string): void => {
    index.set(file, index.size);
    low.set(file, index.get(file)!);
    stack.push(file);
    for (const { to } of targets.get(file) ?? []) {
      if (!index.has(to)) visit(to);
      if (stack.includes(to)) low.set(file, Math.min(low.get(file)!, low.get(to)!));
    }
    if (low.get(file) !== index.get(file)) return;
    const group = stack.splice(stack.indexOf(file));
    if (group.length > 1) found.push(group.toSorted().join(' ⇄ '));
  };
  for (const file of targets.keys()) if (!index.has(file)) visit(file);
  return found;
}
