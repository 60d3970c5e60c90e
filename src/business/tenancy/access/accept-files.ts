import multipart from '@fastify/multipart';
import { validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { HttpServer } from '../../../platform/http/http.ts';
import type { FileLimits } from './endpoint.ts';

/** A file in the description of a form. */
export const formFile = z.string().meta({ format: 'binary' });

/** Lets the routes of this scope read forms with files. */
export async function acceptFiles(
  scope: HttpServer,
  { maxFiles, maxFileBytes }: Omit<FileLimits, 'form'>,
): Promise<void> {
  await scope.register(multipart, {
    limits: { fileSize: maxFileBytes + 1, files: maxFiles, fields: 5, fieldSize: 100, headerPairs: 50 },
    // One file that is too large does not fail the request, so that others in it are stored.
    throwFileSizeLimit: false,
  });
  // The form cannot be validated before its handler has read it.
  scope.setValidatorCompiler<z.ZodType>((route) =>
    route.httpPart === 'body' ? () => true : validatorCompiler(route),
  );
}
