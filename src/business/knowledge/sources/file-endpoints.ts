import { pageQuery } from '../../../platform/data/paging.ts';
import { type AnyEndpoint, pathId, restResource } from '../../tenancy/access/access.ts';
import type { AddFileDependencies } from './add-file.ts';
import { filePageSchema, fileSchema, passagePageSchema } from './file.ts';
import { getFile, listFiles, listPassages, removeFile, resyncFile } from './file-service.ts';
import { sourceQuery } from './source.ts';
import { uploadEndpoint } from './upload-endpoint.ts';

const files = restResource({
  path: '/v1/knowledge/files',
  id: pathId('kfl', 'knowledge file'),
  tag: 'Knowledge',
  permission: 'knowledge',
  row: fileSchema,
});

export function fileEndpoints(dependencies: AddFileDependencies): readonly AnyEndpoint[] {
  return [
    uploadEndpoint(dependencies),
    files.list('List files, newest first', { query: sourceQuery, page: filePageSchema, handle: listFiles }),
    files.read('Read what became of a file', { handle: getFile }),
    files.listOf('passages', 'List the passages a file was cut into, in its order', {
      query: pageQuery,
      page: passagePageSchema,
      handle: listPassages,
    }),
    files.action('resync', 'Read a file anew', {
      description: 'What was read before is found until the new reading is complete.',
      answers: { 202: fileSchema },
      handle: resyncFile,
    }),
    files.remove('Remove a file and everything that was read from it', { handle: removeFile }),
  ];
}
