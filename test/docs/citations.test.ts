import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/*
 * What source, tests and documents refer to is in the repository: `[F7]` and the like are defined as `**[F7]**` in a
 * document; a page is named by its path, with the number of a section behind it where one is meant.
 */
const folders = ['src', 'test', 'simulator', 'db', 'bench', 'demo', 'docs'];

const files = folders
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((f) => join(folder, f)))
  .filter((path) => /\.(ts|md)$/.test(path) && !path.includes('node_modules'))
  .concat(readdirSync('.').filter((name) => name.endsWith('.md')))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const documents = files.filter(({ path }) => path.endsWith('.md'));

function headingsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!);
}

/** As pages are linked to: `## The carrier's stream` is `#the-carriers-stream`. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');
}

/** By its path from the root or from the file that names it; or by its bare name, where only one page has it. */
function pageOf(name: string, from: string): string | undefined {
  const named = documents.filter(({ path }) => basename(path) === name);
  const only = named.length === 1 ? named.map(({ path }) => path) : [];
  return [name, join(dirname(from), name), ...only].find((path) => existsSync(path));
}

describe('citations', () => {
  const defined = documents.flatMap(({ text }) =>
    [...text.matchAll(/\*\*\[([A-Z]\d+)\]\*\*/g)].map(([, id]) => id!),
  );

  it('have one definition each', () => {
    expect(defined.filter((id, index) => defined.indexOf(id) !== index)).toEqual([]);
  });

  it('in brackets resolve to a definition', () => {
    const unresolved = files.flatMap(({ path, text }) =>
      [...text.matchAll(/\[([A-Z]\d+)\](?!\()/g)]
        .filter(([, id]) => !defined.includes(id!))
        .map(([cited]) => `${path}: ${cited}`),
    );
    expect(unresolved).toEqual([]);
  });

  it('of a page resolve to the page, and to its section where one is named', () => {
    const unresolved = files.flatMap(({ path, text }) =>
      // A quoted name without a folder is the name of some file in a test.
      [...text.matchAll(/(?<![\w./'"`[-])((?:[\w-]+\/)*[\w-]+\.md)\b(?: (\d+(?:\.\d+)?)\b)?/g)]
        .concat([...text.matchAll(/(?<=['"`])((?:[\w.-]+\/)+[\w-]+\.md)()\b/g)])
        .filter(([, name, section]) => {
          const page = pageOf(name!, path);
          if (page === undefined) return true;
          const starts = headingsOf(readFileSync(page, 'utf8')).map((heading) => heading.split(/\.? /)[0]);
          return section !== undefined && section !== '' && !starts.includes(section);
        })
        .map(([cited]) => `${path}: ${cited}`),
    );
    expect(unresolved).toEqual([]);
  });

  it('by link resolve to a file, and to its heading where one is named', () => {
    const broken = documents.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)]
        .filter(([, target, anchor]) => {
          const page = target === '' ? path : join(dirname(path), target!);
          if (!existsSync(page)) return true;
          return (
            anchor !== undefined && !headingsOf(readFileSync(page, 'utf8')).map(anchorOf).includes(anchor)
          );
        })
        .map(([link]) => `${basename(path)}: ${link}`),
    );
    expect(broken).toEqual([]);
  });
});
