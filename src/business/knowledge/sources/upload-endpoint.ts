import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { problemSchema } from '../../../platform/http/problem.ts';
import { InvalidInput } from '../../../platform/process/errors.ts';
import { formFile, rawEndpoint } from '../../tenancy/access/access.ts';
import { actorOf } from '../../tenancy/actor/actor.ts';
import { addFile, type AddFileDependencies } from './add-file.ts';
import { type UploadOutcome, uploadSchema } from './file.ts';
import { languageSchema } from './source.ts';
import { MAX_FILE_BYTES } from './store-upload.ts';

/** The files of one request; each has an outcome of its own. */
const MAX_FILES = 10;

const formSchema = z
  .object({ language: languageSchema.default('en'), files: z.array(formFile).min(1).max(MAX_FILES) })
  .meta({ id: 'KnowledgeUploadForm', examples: [{ language: 'en', files: ['warranty-terms.pdf'] }] });

export function uploadEndpoint(dependencies: AddFileDependencies) {
  return rawEndpoint({
    method: 'POST',
    path: '/v1/knowledge/files',
    needs: 'knowledge:write',
    tag: 'Knowledge',
    summary: 'Upload files',
    description: `As multipart/form-data: up to ${MAX_FILES} files of ${MAX_FILE_BYTES / 1024 / 1024} MB (PDF, .docx, text or Markdown), and a field “language” before the files it holds for. Each file has an outcome of its own. A file that is accepted is read in the background: its status tells how far that is. The same content twice is one file.`,
    limits: { files: { maxFiles: MAX_FILES, maxFileBytes: MAX_FILE_BYTES, form: formSchema } },
    answers: { 202: uploadSchema, 415: problemSchema },
    handle: async ({ request }) => ({ data: await addFiles(dependencies, request) }),
  });
}

/** Adds the files one after the other as they arrive, so that only a piece of one is in memory. */
async function addFiles(
  dependencies: AddFileDependencies,
  request: FastifyRequest,
): Promise<UploadOutcome[]> {
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
  if (outcomes.length === 0) {
    throw new InvalidInput('There is no file in this request.', [], { code: 'file-missing' });
  }
  return outcomes;
}

function languageOf({ fields }: MultipartFile): string {
  const field = [fields['language']].flat()[0];
  if (field === undefined || field.type !== 'field') return 'en';
  const parsed = languageSchema.safeParse(field.value);
  if (parsed.success) return parsed.data;
  throw new InvalidInput(
    'The language of the files is not a language tag.',
    [{ pointer: '/language', detail: 'must be a language tag such as en or pt-BR' }],
    { code: 'not-a-language', data: { value: field.value } },
  );
}
