import * as z from 'zod';
import { headerText, parseBody, type RefusalDialect } from '../refusal.ts';

const bodySchema = z.object({ err_msg: z.string() });

/** The reason is in a header and in the body; the id of the request is in a header. */
export const deepgramRefusal: RefusalDialect = {
  reason: ({ headers, body }) => headerText(headers, 'dg-error') ?? parseBody(bodySchema, body)?.err_msg,
  requestId: ({ headers }) => headerText(headers, 'dg-request-id'),
};
