import { z } from 'zod';
import { pageQuery } from '../../../platform/data/paging.ts';
import { type AnyEndpoint, endpoint, pathId } from '../../tenancy/access/access.ts';
import type { AddFileDependencies } from './add-file.ts';
import { filePageSchema, fileSchema, passagePageSchema } from './file.ts';
import { getFile, listFiles, listPassages, removeFile, resyncFile } from './file-service.ts';
import { sourceQuery } from './source.ts';
import { uploadEndpoint } from './upload-endpoint.ts';

const tag = 'Knowledge';
const id = pathId('kfl', 'knowledge file');

export function fileEndpoints(dependencies: AddFileDependencies): readonly AnyEndpoint[] {
  return [uploadEndpoint(dependencies), ...endpointsOfFiles];
}

const endpointsOfFiles = [
  endpoint({
    method: 'GET',
    path: '/v1/knowledge/files',
    needs: 'knowledge:read',
    tag,
    summary: 'List files, newest first',
    query: sourceQuery,
    answers: { 200: filePageSchema },
    handle: ({ tx, query }) => listFiles(tx, query),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/knowledge/files/:id',
    needs: 'knowledge:read',
    tag,
    summary: 'Read what became of a file',
    params: { id },
    answers: { 200: fileSchema },
    handle: ({ tx, params }) => getFile(tx, params.id),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/knowledge/files/:id/passages',
    needs: 'knowledge:read',
    tag,
    summary: 'List the passages a file was cut into, in its order',
    params: { id },
    query: pageQuery,
    answers: { 200: passagePageSchema },
    handle: ({ tx, params, query }) => listPassages(tx, params.id, query),
  }),
  endpoint({
    method: 'POST',
    path: '/v1/knowledge/files/:id/resync',
    needs: 'knowledge:write',
    tag,
    summary: 'Read a file anew',
    description: 'What was read before is found until the new reading is complete.',
    params: { id },
    answers: { 202: fileSchema },
    handle: ({ tx, actor, params }) => resyncFile(tx, actor, params.id),
  }),
  endpoint({
    method: 'DELETE',
    path: '/v1/knowledge/files/:id',
    needs: 'knowledge:write',
    tag,
    summary: 'Remove a file and everything that was read from it',
    params: { id },
    answers: { 204: z.null() },
    async handle({ tx, actor, params }) {
      await removeFile(tx, actor, params.id);
      return null;
    },
  }),
];
