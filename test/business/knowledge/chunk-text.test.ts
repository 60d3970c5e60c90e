import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Block,
  type Chunk,
  chunkText,
  MAX_CHUNK_CHARACTERS,
} from '../../../src/business/knowledge/extract/chunk-text.ts';

const word = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom('frame', 'brake', 'warranty', 'Monday.', 'price?', 'réglage', 'قسم', '🚲'),
  },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }) },
);
const sentence = (maxWords: number) =>
  fc.array(word, { minLength: 1, maxLength: maxWords }).map((words) => words.join(' '));
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({
    kind: fc.constant('heading' as const),
    level: fc.integer({ min: 1, max: 6 }),
    text: sentence(6),
  }),
  fc.record({ kind: fc.constant('text' as const), text: sentence(40), page: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant('text' as const), text: sentence(900) }),
  // One word without an end.
  fc.record({
    kind: fc.constant('text' as const),
    text: fc.integer({ min: 900, max: 4_000 }).map((n) => 'x'.repeat(n)),
  }),
);
/** Headings are marked, so that one with nothing under it can be told from a text. */
const documents = fc.array(block, { maxLength: 25 }).map((blocks) =>
  blocks.map((each) => {
    const text = each.text.replaceAll('§', 's');
    return { ...each, text: each.kind === 'heading' ? `§ ${text}` : text };
  }),
);

/** Without spaces, which carry nothing, and what no text has. */
function letters(text: string): string {
  return text.toWellFormed().replaceAll(/[\s\p{Cc}]+/gu, '');
}

const isHeading = ({ kind, text }: Block): boolean => kind === 'heading' && text.trim().length <= 200;

function wordsOf({ body, overlapCharacters }: Chunk): string {
  return body.slice(overlapCharacters);
}

describe('cutting a document into chunks', () => {
  it('loses no text, adds none, and keeps the order', () => {
    fc.assert(
      fc.property(documents, (blocks) => {
        const texts = blocks.filter((each) => !isHeading(each)).map(({ text }) => letters(text));
        const read = chunkText(blocks).filter(({ body }) => !body.startsWith('§') || body.length > 202);
        expect(read.map((chunk) => letters(wordsOf(chunk))).join('')).toBe(texts.join(''));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps every chunk within its bound, and none empty', () => {
    fc.assert(
      fc.property(documents, (blocks) => {
        for (const { body, overlapCharacters } of chunkText(blocks)) {
          expect(body.length).toBeLessThanOrEqual(MAX_CHUNK_CHARACTERS);
          expect(body.trim()).not.toBe('');
          expect(overlapCharacters).toBeLessThan(body.length);
          expect(body.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  it('keeps every heading, in a path or as a chunk of its own', () => {
    fc.assert(
      fc.property(documents, (blocks) => {
        const chunks = chunkText(blocks);
        const kept = letters(chunks.map(({ headingPath, body }) => `${headingPath} ${body}`).join(' '));
        for (const heading of blocks.filter(isHeading)) expect(kept).toContain(letters(heading.text));
      }),
    );
  });

  it('puts a text under the headings it stands under', () => {
    const chunks = chunkText([
      { kind: 'text', text: 'Welcome.' },
      { kind: 'heading', level: 1, text: 'Delivery' },
      { kind: 'heading', level: 2, text: 'Costs' },
      { kind: 'text', text: 'Five dollars.', page: 2 },
      { kind: 'heading', level: 2, text: 'Times' },
      { kind: 'text', text: 'Two days.' },
      { kind: 'heading', level: 1, text: 'Contact' },
    ]);
    expect(chunks).toEqual([
      { headingPath: '', body: 'Welcome.', overlapCharacters: 0, page: undefined },
      { headingPath: 'Delivery > Costs', body: 'Five dollars.', overlapCharacters: 0, page: 2 },
      { headingPath: 'Delivery > Times', body: 'Two days.', overlapCharacters: 0, page: undefined },
      { headingPath: '', body: 'Contact', overlapCharacters: 0, page: undefined },
    ]);
  });

  it('cuts a long paragraph between sentences and begins the next part with the last one', () => {
    const sentences = Array.from(
      { length: 60 },
      (_, index) => `This is sentence number ${index} of the text.`,
    );
    const chunks = chunkText([{ kind: 'text', text: sentences.join(' ') }]);
    expect(chunks.length).toBeGreaterThan(2);
    for (const [index, chunk] of chunks.entries()) {
      expect(chunk.body).toMatch(/^This .*\.$/);
      const before = chunks[index - 1];
      if (before === undefined) continue;
      const overlap = chunk.body.slice(0, chunk.overlapCharacters).trim();
      expect(overlap).not.toBe('');
      expect(before.body.endsWith(overlap)).toBe(true);
    }
  });
});
