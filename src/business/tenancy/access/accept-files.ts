import multipart from '@fastify/multipart';
import type { HttpServer } from '../../../platform/http/http.ts';
import type { FileLimits } from './endpoint.ts';

/** Lets the routes of this scope read forms with files. */
export async function acceptFiles(scope: HttpServer, { maxFiles, maxFileBytes }: FileLimits): Promise<void> {
  await scope.register(multipart, {
    limits: { fileSize: maxFileBytes + 1, files: maxFiles, fields: 5, fieldSize: 100, headerPairs: 50 },
    // One file that is too large does not end the request: the others in it go on.
    throwFileSizeLimit: false,
  });
}
