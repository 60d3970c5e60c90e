import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { productCodes } from '../../src/business/tenancy/errors/error-codes.ts';
import { generalCodes } from '../../src/platform/process/error-codes.ts';
import type { ErrorCodeEntry } from '../../src/platform/process/errors.ts';

const introduction = `# Errors of the API

Every error is answered as \`application/problem+json\` (RFC 9457) with \`type\`, \`title\`, \`status\`, \`detail\`, \`code\` and
\`requestId\`. Programs decide by \`code\`; \`detail\` is one sentence for people and may change. Further members belong to the
code and are listed with it. \`errors\` names the fields of a request that are wrong: \`pointer\` is a JSON pointer into the
body, or begins with \`/querystring\`, \`/params\` or \`/headers\`.

This page is made from the declared codes; \`npx vitest run test/docs -u\` writes it anew.
`;

function page(codes: Readonly<Record<string, ErrorCodeEntry>>): string {
  const byStatus = Map.groupBy(Object.entries(codes), ([, { status }]) => status);
  const sections = [...byStatus]
    .toSorted(([one], [other]) => one - other)
    .map(([status, entries]) => {
      const lines = entries
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([code, { meaning, data = {} }]) =>
          [
            `- \`${code}\`: ${meaning}`,
            ...Object.entries(data).map(([name, what]) => `  - \`${name}\`: ${what}`),
          ].join('\n'),
        );
      return `## ${status}\n\n${lines.join('\n')}\n`;
    });
  return [introduction, ...sections].join('\n');
}

it('docs/errors.md lists every code with its status, meaning and members', async () => {
  await expect(page({ ...generalCodes, ...productCodes })).toMatchFileSnapshot('../../docs/errors.md');
});

it('codes are kebab-case, and none of the product replaces a general one', () => {
  const product = Object.keys(productCodes);
  expect(product.filter((code) => !/^[a-z]+(-[a-z]+)*$/.test(code))).toEqual([]);
  expect(product.filter((code) => code in generalCodes)).toEqual([]);
});

it('every code of the product is thrown somewhere', () => {
  const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('error-codes.ts'))
    .map((name) => readFileSync(join('src', name), 'utf8'))
    .join('\n');
  expect(Object.keys(productCodes).filter((code) => !source.includes(`'${code}'`))).toEqual([]);
});
