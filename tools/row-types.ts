import { readdirSync, readFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);

/** A table as the `…-table.ts` of its owner describes it; names are those of the database. */
export interface RowType {
  readonly table: string;
  /** Relative to the root of the repository. */
  readonly file: string;
  readonly description: string | undefined;
  /** What it is derived from, and could be made from anew: its `@projection`. */
  readonly projectionOf: string | undefined;
  readonly columns: readonly { readonly name: string; readonly meaning: string | undefined }[];
}

/** Every table that code names. */
export function readRowTypes(): readonly RowType[] {
  const files = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' });
  return files
    .filter((name) => name.endsWith('-table.ts'))
    .toSorted()
    .flatMap((name) => rowTypesIn(`src/${name}`));
}

function rowTypesIn(file: string): RowType[] {
  const text = readFileSync(new URL(file, root), 'utf8');
  const merged = /interface Tables \{([\s\S]*?)^ {2}\}/m.exec(text)?.[1] ?? '';
  return [...merged.matchAll(/(\w+): (\w+);/g)].map(([, table, type]) => {
    const [, comment, body] = new RegExp(
      `(?:\\/\\*\\*((?:(?!\\*\\/)[\\s\\S])*)\\*\\/\\n)?^export interface ${type!} \\{([\\s\\S]*?)^\\}`,
      'm',
    ).exec(text)!;
    const [description, projectionOf] = plain(comment)?.split('@projection') ?? [];
    return {
      table: snakeCase(table!),
      file,
      description: description?.trim(),
      projectionOf: projectionOf?.trim(),
      columns: columnsIn(body!),
    };
  });
}

function columnsIn(body: string): RowType['columns'] {
  const pattern = /(?:^ {2}\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?^ {2}(?:readonly )?(\w+)\??:/gm;
  return [...body.matchAll(pattern)].map(([, comment, name]) => ({
    name: snakeCase(name!),
    meaning: plain(comment),
  }));
}

/** A comment in one line, without its stars. */
function plain(comment: string | undefined): string | undefined {
  return comment
    ?.replaceAll(/^\s*\* ?/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
