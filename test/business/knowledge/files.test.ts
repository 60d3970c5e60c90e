import { beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { fileSchema } from '../../../src/business/knowledge/sources/file.ts';
import { MemoryStorage } from '../../support/memory-storage.ts';
import { type MemberCaller, useRestApp } from '../../support/rest-app.ts';
import { aDocx, aPdf, aZip, wordHeading, wordParagraph, wordTable } from './documents.ts';
import { runKnowledgeJobs } from './run-jobs.ts';
import { WordEmbedder } from './word-embedder.ts';

const storage = new MemoryStorage();
const embedder = new WordEmbedder();
const at = useRestApp({ storage });
let owner: MemberCaller;
beforeAll(async () => {
  owner = await at.app.signUp();
});

type FileView = z.input<typeof fileSchema>;

interface Outcome {
  readonly outcome: string;
  readonly name: string;
  readonly reason?: string;
  readonly file?: FileView;
}

async function upload(files: Readonly<Record<string, Buffer | string>>, language?: string) {
  const form = new FormData();
  if (language !== undefined) form.append('language', language);
  for (const [name, content] of Object.entries(files))
    form.append('file', new Blob([new Uint8Array(Buffer.from(content))]), name);
  const request = new Response(form);
  const response = await at.app.inject({
    method: 'POST',
    url: '/v1/knowledge/files',
    headers: { ...owner.headers, 'content-type': request.headers.get('content-type')! },
    payload: Buffer.from(await request.arrayBuffer()),
  });
  return { status: response.statusCode, outcomes: response.json<{ data: Outcome[] }>().data ?? [] };
}

async function get<Body>(url: string): Promise<Body> {
  return (await at.app.inject({ url, headers: owner.headers })).json<Body>();
}

const runJobs = () => runKnowledgeJobs(at.app.db, { storage, embedder });

/** Uploads one file, lets it be read and tells what became of it. */
async function read(name: string, content: Buffer | string) {
  const { outcomes } = await upload({ [name]: content });
  const { id } = outcomes[0]!.file!;
  await runJobs();
  const file = await get<FileView>(`/v1/knowledge/files/${id}`);
  const { data } = await get<{ data: { headingPath: string; text: string; page: number | null }[] }>(
    `/v1/knowledge/files/${id}/passages`,
  );
  return { id, file, passages: data.map(({ headingPath, text, page }) => ({ headingPath, text, page })) };
}

describe('uploading', () => {
  it('tells of each file what becomes of it, by its content and not by its name', async () => {
    const { status, outcomes } = await upload({
      'terms.txt': 'Returns within thirty days.',
      'prices.doc': Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      'page.txt': '<!doctype html><p>Hello',
      'latin1.txt': Buffer.from('Öffnungszeiten', 'latin1'),
      'picture.pdf': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0]),
      'empty.md': '',
      'really-a-pdf.txt': aPdf([['Hello']]),
    });
    expect(status).toBe(202);
    expect(
      outcomes.map(({ name, outcome, file, reason }) => [name, outcome, file?.mediaType ?? reason]),
    ).toEqual([
      ['terms.txt', 'accepted', 'text/plain'],
      ['prices.doc', 'refused', expect.stringContaining('old Office file')],
      ['page.txt', 'refused', expect.stringContaining('web page')],
      ['latin1.txt', 'refused', expect.stringContaining('UTF-8')],
      ['picture.pdf', 'refused', expect.stringContaining('neither PDF')],
      ['empty.md', 'refused', 'The file is empty.'],
      ['really-a-pdf.txt', 'accepted', 'application/pdf'],
    ]);
    expect(outcomes[0]!.file).toMatchObject({ status: 'queued', sizeBytes: 27, language: 'en' });
    expect(storage.openWriters).toBe(0);
  });

  it('refuses a file that is too large and keeps nothing of it', async () => {
    const kept = storage.objects.size;
    const { outcomes } = await upload({
      'large.txt': Buffer.alloc(20 * 1024 * 1024 + 1, 'a'),
      'small.txt': 'Fine.',
    });
    expect(outcomes).toMatchObject([
      { outcome: 'refused', reason: expect.stringContaining('larger than 20 MB') },
      { outcome: 'accepted' },
    ]);
    expect(storage.objects.size).toBe(kept + 1);
  });

  it('knows a file it has already, and takes it once', async () => {
    const first = await upload({ 'a.txt': 'The same words.' });
    const second = await upload({ 'b.txt': 'The same words.' });
    expect(second.outcomes).toMatchObject([
      { outcome: 'known', name: 'b.txt', file: { id: first.outcomes[0]!.file!.id, name: 'a.txt' } },
    ]);
  });

  it('shows of a name its last part, in one line', async () => {
    const { outcomes } = await upload({ '..\\..\\etc/passwd\u0007.txt': 'Names are only shown.' });
    expect(outcomes[0]!.file!.name).toBe('passwd .txt');
  });

  it('is the only route that reads forms with files', async () => {
    const request = new Response(new FormData());
    const response = await at.app.inject({
      method: 'POST',
      url: '/v1/knowledge/entries',
      headers: { ...owner.headers, 'content-type': request.headers.get('content-type')! },
      payload: Buffer.from(await request.arrayBuffer()),
    });
    expect(response.statusCode).toBe(415);
  });

  it('wants files, as a form', async () => {
    expect((await upload({})).status).toBe(400);
    const url = '/v1/knowledge/files';
    const json = await at.app.inject({ method: 'POST', url, headers: owner.headers, payload: { a: 1 } });
    expect(json.statusCode).toBe(400);
    expect((await upload({ 'a.txt': 'x' }, 'no language!')).status).toBe(400);
  });
});

describe('reading', () => {
  it('finds headings, paragraphs and pages in a PDF', async () => {
    const { file, passages } = await read(
      'warranty.pdf',
      aPdf([
        ['# Warranty', 'Every frame is covered for two', 'years from the day it was sold.'],
        ['# Returns', 'Bring it back within thirty days.'],
      ]),
    );
    expect(file).toMatchObject({
      status: 'ready',
      pages: 2,
      failure: null,
      progress: { passages: 2, embedded: 2 },
    });
    expect(passages).toEqual([
      {
        headingPath: 'Warranty',
        text: 'Every frame is covered for two years from the day it was sold.',
        page: 1,
      },
      { headingPath: 'Returns', text: 'Bring it back within thirty days.', page: 2 },
    ]);
  });

  it('leaves out what stands at the edge of most pages', async () => {
    const pages = ['Bells', 'Tyres', 'Chains', 'Pedals', 'Spokes'].map((part, index) => [
      'Harbour Street Bicycles',
      `${part} are kept in stock all year.`,
      `Page ${index + 1}`,
    ]);
    const { passages } = await read('stock.pdf', aPdf(pages));
    const text = passages.map((passage) => passage.text).join(' ');
    expect(text).toContain('Bells are kept in stock all year.');
    expect(text).not.toMatch(/Harbour|Page/);
  });

  it('finds headings, lists and tables in a Word document', async () => {
    const { passages } = await read(
      'rental.docx',
      aDocx(
        [
          wordHeading(1, 'Rental'),
          wordHeading(2, 'Deposit'),
          wordParagraph('A deposit of 100 dollars &amp; a document.'),
          wordHeading(2, 'Prices'),
          wordTable([
            ['Bicycle', 'Day'],
            ['City', '18'],
            ['Cargo', '45'],
          ]),
        ].join(''),
      ),
    );
    expect(passages).toEqual([
      { headingPath: 'Rental > Deposit', text: 'A deposit of 100 dollars & a document.', page: null },
      {
        headingPath: 'Rental > Prices',
        text: 'Bicycle; Day\nBicycle: City; Day: 18\nBicycle: Cargo; Day: 45',
        page: null,
      },
    ]);
  });

  it('finds headings, items and tables in Markdown', async () => {
    const { passages } = await read(
      'faq.md',
      '# Help\n\nAsk **us** or see [the page](https://example.com).\n\n## Sizes\n\n- small: to 160 cm\n- large\n\n| Part | Price |\n|---|---|\n| Bell | 9 |\n\nContact\n---\nWrite.\n',
    );
    expect(passages).toEqual([
      { headingPath: 'Help', text: 'Ask us or see the page.', page: null },
      { headingPath: 'Help > Sizes', text: 'small: to 160 cm\nlarge\nPart: Bell; Price: 9', page: null },
      { headingPath: 'Help > Contact', text: 'Write.', page: null },
    ]);
  });

  it.each([
    ['a PDF without text', 'scan.pdf', aPdf([[], []]), 'no text in this file'],
    ['a broken PDF', 'broken.pdf', Buffer.from('%PDF-1.7\nnothing of the kind'), 'damaged'],
    ['a zip that is no Word document', 'other.docx', aZip({ 'a.txt': 'x' }), 'not a Word document'],
    [
      'a PDF in a Word document’s name that was cut',
      'cut.docx',
      aDocx(wordParagraph('x')).subarray(0, 300),
      'damaged',
    ],
    [
      'a zip bomb',
      'bomb.docx',
      aZip({ 'word/document.xml': Buffer.alloc(30_000_000) }),
      'more than a document',
    ],
    [
      'a zip bomb that lies about its size',
      'liar.docx',
      aZip({ 'word/document.xml': Buffer.alloc(30_000_000) }, { claimedBytes: 40_000 }),
      'more than a document',
    ],
  ])('says of %s what is wrong with it', async (_, name, content, reason) => {
    const { file, passages } = await read(name, content);
    expect(file).toMatchObject({ status: 'failed', failure: expect.stringContaining(reason) });
    expect(passages).toEqual([]);
  });
});

describe('a file that was read', () => {
  it('is read anew on demand; what has not changed keeps its vectors', async () => {
    const { id, passages } = await read('again.txt', 'One thing.\n\nAnother thing.');
    const asked = embedder.asked.length;
    const url = `/v1/knowledge/files/${id}/resync`;
    const again = await at.app.inject({ method: 'POST', url, headers: owner.headers });
    expect(again).toMatchObject({ statusCode: 202 });
    expect(again.json()).toMatchObject({ status: 'queued' });
    const twice = await at.app.inject({ method: 'POST', url, headers: owner.headers });
    expect(twice.statusCode).toBe(409);
    const meanwhile = await get<{ data: object[] }>('/v1/knowledge/search?q=another+thing');
    expect(meanwhile.data).toHaveLength(1);
    await runJobs();
    expect(await get(`/v1/knowledge/files/${id}`)).toMatchObject({
      status: 'ready',
      progress: { passages: passages.length, embedded: passages.length },
    });
    expect(embedder.asked).toHaveLength(asked);
  });

  it('goes with everything that was read from it', async () => {
    const { id } = await read('gone.txt', 'Xylophones are tuned on Thursdays.');
    expect((await get<{ data: object[] }>('/v1/knowledge/search?q=xylophones')).data).toHaveLength(1);
    const url = `/v1/knowledge/files/${id}`;
    expect((await at.app.inject({ method: 'DELETE', url, headers: owner.headers })).statusCode).toBe(204);
    expect((await get<{ data: object[] }>('/v1/knowledge/search?q=xylophones')).data).toEqual([]);
    const { data: entries } = await get<{ data: object[] }>('/v1/audit-log?limit=2');
    const facts = { name: 'gone.txt', mediaType: 'text/plain', sizeBytes: 34 };
    expect(entries).toMatchObject([
      { action: 'knowledge-file.removed', resource: 'knowledge-file', resourceId: id, before: facts },
      { action: 'knowledge-file.added', resource: 'knowledge-file', resourceId: id, after: facts },
    ]);
    await runJobs();
    expect(storage.objects.has(`knowledge/${id}`)).toBe(false);
    expect((await at.app.inject({ url, headers: owner.headers })).statusCode).toBe(404);
  });

  it('is listed in pages, by status', async () => {
    const list = (query: string) =>
      get<{ data: FileView[]; nextCursor: string | null }>(`/v1/knowledge/files?${query}`);
    const failed = await list('status=failed&limit=4');
    expect(failed.data).toHaveLength(4);
    const rest = await list(`status=failed&limit=4&cursor=${failed.nextCursor}`);
    const all = [...failed.data, ...rest.data];
    expect(new Set(all.map(({ id }) => id)).size).toBe(6);
    expect(all.every(({ status }) => status === 'failed')).toBe(true);
    expect(rest.nextCursor).toBeNull();
  });
});
