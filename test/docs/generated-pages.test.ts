import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { productCodes } from '../../src/business/tenancy/errors/errors.ts';
import { generalCodes } from '../../src/platform/process/error-codes.ts';
import { renderErrors } from '../../tools/errors-page.ts';
import { renderEvents } from '../../tools/events-page.ts';

it.each([
  ['docs/errors.md', renderErrors],
  ['docs/EVENTS.md', renderEvents],
])('%s is what npm run docs writes', (page, render) => {
  expect(readFileSync(page, 'utf8')).toBe(render());
});

it('codes of errors are kebab-case, and none of the product replaces a general one', () => {
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
