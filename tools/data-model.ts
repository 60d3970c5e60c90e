import { basename, dirname } from 'node:path/posix';
import { retiredColumns } from '../db/retired.ts';
import type { Db } from '../src/platform/data/db.ts';
import { type RowType, readRowTypes } from './row-types.ts';
import { type Column, readSchema, type Table } from './schema.ts';

type Owned = Table & Omit<RowType, 'columns'> & { readonly meanings: RowType['columns'] };

const introduction = `# The data model

The tables, who owns them, and what their columns mean. This page is written by \`npm run docs\` from the migrated
schema and the comments in the \`…-table.ts\` files; change those, not this.

- A table has one **owner**: the folder with its \`…-table.ts\`. Nobody else writes to it.
- Rows with a \`tenant_id\` are behind row-level security: a unit of work sees and writes the rows of its own tenant, and
  only with the rights named here. _Across tenants_ is what the server does for no tenant in particular: finding whose
  number or key it is, relaying jobs, signing people in.
- A **projection** is derived from what is named with it, and could be made from that anew.
- Every reference but the one to \`tenant\` carries the tenant with it, so that no row refers to another tenant's.
- \`…_encrypted\` is encrypted with the keys of personal data; \`…_index\` beside it is a keyed hash, found by equality only.
`;

/** The whole page, from a migrated database. */
export async function renderDataModel(db: Db): Promise<string> {
  const types = new Map(readRowTypes().map((type) => [type.table, type]));
  const tables = (await readSchema(db)).map((table): Owned => {
    const type = types.get(table.name);
    if (type === undefined) throw new Error(`No …-table.ts describes ${table.name}.`);
    return { ...type, ...table, meanings: type.columns };
  });
  const rooms = Map.groupBy(tables, ({ file }) => roomOf(file));
  const sections = [...rooms].map(([room, owned]) => renderRoom(room, owned));
  return `${introduction}\n${renderOwners(rooms)}\n${sections.join('\n')}`;
}

/** `src/business/desk/bookings/booking-table.ts` is in the room `business/desk`. */
function roomOf(file: string): string {
  const [, top, second] = file.split('/');
  return top === 'business' ? `${top}/${second!}` : top!;
}

function renderOwners(rooms: ReadonlyMap<string, readonly Owned[]>): string {
  const rows = [...rooms].flatMap(([room, tables]) =>
    [...Map.groupBy(tables, ({ file }) => dirname(file))].map(([folder, owned]) => [
      `[${room}](#${room.replaceAll('/', '')})`,
      `\`${folder}\``,
      owned.map(({ name, projectionOf }) => (projectionOf === undefined ? name : `_${name}_`)).join(', '),
    ]),
  );
  return `Projections are in italics.\n\n${renderTable(['Room', 'Owner', 'Tables'], rows)}`;
}

function renderRoom(room: string, tables: readonly Owned[]): string {
  const parts = [`## ${room}\n`, renderReferences(tables), ...tables.map(renderOwned)];
  return parts.filter((part) => part !== '').join('\n');
}

/** The references within and out of a room, without those to the tenant. */
function renderReferences(tables: readonly Owned[]): string {
  const arrows = tables.flatMap(({ name, references }) =>
    references
      .filter(({ table }) => table !== 'tenant')
      .map(({ table, columns }) => `  ${name} }o--|| ${table} : "${withoutTenant(columns).join(', ')}"`),
  );
  return arrows.length === 0 ? '' : `\`\`\`mermaid\nerDiagram\n${arrows.join('\n')}\n\`\`\`\n`;
}

function renderOwned(table: Owned): string {
  const { name, file, description, projectionOf, key, references } = table;
  const facts = [
    `Row type: [${basename(file)}](../${file})`,
    `key: ${key.length === 0 ? 'none' : code(key)}`,
    references.length === 0 ? undefined : `refers to ${references.map(renderReference).join(', ')}`,
    renderRights(table),
  ];
  const derived = projectionOf === undefined ? [] : [`A projection of ${projectionOf}.`];
  const rows = table.columns.map((column) => [
    `\`${column.name}\``,
    renderType(column),
    meaningOf(table, column.name),
  ]);
  return [
    `### ${name}\n`,
    [description, ...derived].filter((part) => part !== undefined).join(' '),
    `\n${facts.filter((fact) => fact !== undefined).join('; ')}.\n`,
    renderTable(['Column', 'Type', 'Meaning'], rows),
  ].join('\n');
}

function renderReference({ table, columns }: Owned['references'][number]): string {
  return `${table} (${code(table === 'tenant' ? columns : withoutTenant(columns))})`;
}

function renderRights({ tenantRights, systemRights }: Owned): string {
  const rights = [
    tenantRights.length === 0 ? undefined : `a tenant may ${tenantRights.join(', ')}`,
    systemRights.length === 0 ? undefined : `across tenants: ${systemRights.join(', ')}`,
  ];
  return rights.filter((right) => right !== undefined).join('; ');
}

function renderType({ type, isNullable, default: value }: Column): string {
  const short = type.replace(/^timestamp(\(\d\))? with time zone$/, 'timestamptz$1');
  const plainDefault = value?.replace(/::[a-z ]+(\[\])?$/, '');
  const notes = [
    isNullable ? 'or null' : undefined,
    plainDefault === undefined ? undefined : `= ${plainDefault}`,
  ];
  return [short, ...notes].filter((part) => part !== undefined).join(' ');
}

function meaningOf({ name, checks, meanings }: Owned, column: string): string {
  const values = checks
    .map((check) => new RegExp(`^CHECK \\(\\(${column} = ANY \\(ARRAY\\[(.*)\\]\\)\\)\\)$`).exec(check)?.[1])
    .find((list) => list !== undefined);
  const parts = [
    retiredColumns.includes(`${name}.${column}`) ? 'Retired: no code names it.' : undefined,
    values === undefined
      ? undefined
      : [...values.matchAll(/'([^']*)'/g)].map((match) => match[1]).join(' · '),
    meanings.find((meaning) => meaning.name === column)?.meaning,
  ];
  return parts
    .filter((part) => part !== undefined)
    .join('. ')
    .replaceAll('|', '\\|');
}

function withoutTenant(columns: readonly string[]): readonly string[] {
  return columns.filter((column) => column !== 'tenant_id');
}

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

/** Cells are not padded: one longer text would change every line. */
function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
