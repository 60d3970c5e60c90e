import multipart, { type MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Db } from '../../../platform/data/db.ts';
import { InvalidInput } from '../../../platform/process/errors.ts';
import { idInPath, idParams } from '../../../platform/http/rest-ids.ts';
import { pageQuery } from '../../../platform/data/paging.ts';
import type { Storage } from '../../../platform/data/storage.ts';
import { actorOf } from '../../tenancy/actor/actor.ts';
import { changing, creating, reading } from '../../tenancy/access/access.ts';
import {
  addFile,
  getFile,
  listFiles,
  listPassages,
  removeFile,
  resyncFile,
  type UploadOutcome,
} from './file-service.ts';
import { MAX_FILE_BYTES } from './keep-upload.ts';
import * as schema from './source.ts';

const tags = ['Knowledge'];
const read = { access: { permission: 'knowledge:read' } } as const;
const write = { access: { permission: 'knowledge:write' } } as const;
const idOf = ({ id }: { readonly id: string }) => idInPath('kfl', id, 'knowledge file');

/** In one request; each has an outcome of its own. */
const MAX_FILES = 10;

export interface KnowledgeFileRoutesDependencies {
  readonly db: Db;
  readonly storage: Storage;
}

export const knowledgeFileRoutes: FastifyPluginAsyncZod<KnowledgeFileRoutesDependencies> = async (
  app,
  { db, storage },
) => {
  await app.register(multipart, {
    // One byte more than may be: the file that reaches it is refused with a reason, and the others go on.
    limits: { fileSize: MAX_FILE_BYTES + 1, files: MAX_FILES, fields: 5, fieldSize: 100, headerPairs: 50 },
    throwFileSizeLimit: false,
  });

  app.get(
    '/v1/knowledge/files',
    {
      config: read,
      schema: {
        tags,
        summary: 'List files, newest first',
        querystring: schema.sourceListQuery,
        response: { 200: schema.filePageSchema, ...reading },
      },
    },
    (request) => listFiles(db, actorOf(request), request.query),
  );

  app.post(
    '/v1/knowledge/files',
    {
      config: write,
      schema: {
        tags,
        summary: 'Upload files',
        description: `As multipart/form-data: up to ${MAX_FILES} files of ${MAX_FILE_BYTES / 1024 / 1024} MB (PDF, .docx, text or Markdown), and a field “language” before the files it holds for. Each file has an outcome of its own. A file that is accepted is read in the background: its status tells how far that is. The same content twice is one file.`,
        consumes: ['multipart/form-data'],
        response: { 202: schema.uploadSchema, 415: creating[400], ...creating },
      },
    },
    async (request, reply) => {
      const outcomes = await addFiles({ db, storage }, request);
      return reply.code(202).send({ data: outcomes.map(presentOutcome) });
    },
  );

  app.get(
    '/v1/knowledge/files/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'Read what became of a file',
        params: idParams,
        response: { 200: schema.fileSchema, ...reading },
      },
    },
    async (request) => schema.presentFile(await getFile(db, actorOf(request), idOf(request.params))),
  );

  app.get(
    '/v1/knowledge/files/:id/passages',
    {
      config: read,
      schema: {
        tags,
        summary: 'List the passages a file was cut into, in its order',
        params: idParams,
        querystring: pageQuery,
        response: { 200: schema.passagePageSchema, ...reading },
      },
    },
    (request) => listPassages(db, actorOf(request), idOf(request.params), request.query),
  );

  app.post(
    '/v1/knowledge/files/:id/resync',
    {
      config: write,
      schema: {
        tags,
        summary: 'Read a file anew',
        description: 'What was read before is found until the new reading is complete.',
        params: idParams,
        response: { 202: schema.fileSchema, ...changing },
      },
    },
    async (request, reply) => {
      const file = await resyncFile(db, actorOf(request), idOf(request.params));
      return reply.code(202).send(schema.presentFile(file));
    },
  );

  app.delete(
    '/v1/knowledge/files/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Remove a file and everything that was read from it',
        params: idParams,
        response: { 204: z.null(), ...changing },
      },
    },
    async (request, reply) => {
      await removeFile(db, actorOf(request), idOf(request.params));
      return reply.code(204).send(null);
    },
  );
};

/** One after the other, as they arrive: no more than a piece of one is in memory. */
async function addFiles(
  dependencies: KnowledgeFileRoutesDependencies,
  request: FastifyRequest,
): Promise<readonly UploadOutcome[]> {
  if (!request.isMultipart()) {
    throw new InvalidInput(
      'Send the files as multipart/form-data.',
      [{ pointer: '/headers/content-type', detail: 'must be multipart/form-data' }],
      { code: 'multipart-needed' },
    );
  }
  const actor = actorOf(request);
  const outcomes: UploadOutcome[] = [];
  for await (const part of request.files()) {
    const { filename, file } = part;
    const upload = { name: filename, language: languageOf(part), content: file };
    outcomes.push(await addFile(dependencies, actor, upload));
  }
  if (outcomes.length === 0)
    throw new InvalidInput('There is no file in this request.', [], { code: 'file-missing' });
  return outcomes;
}

function languageOf({ fields }: MultipartFile): string {
  const field = [fields['language']].flat()[0];
  if (field === undefined || field.type !== 'field') return 'en';
  const parsed = schema.languageSchema.safeParse(field.value);
  if (parsed.success) return parsed.data;
  throw new InvalidInput(
    'The language of the files is not a language tag.',
    [{ pointer: '/language', detail: 'must be a language tag such as en or pt-BR' }],
    { code: 'not-a-language', data: { value: field.value } },
  );
}

function presentOutcome(outcome: UploadOutcome) {
  return outcome.outcome === 'refused' ? outcome : { ...outcome, file: schema.presentFile(outcome.file) };
}
