import * as z from 'zod';
import { headerText, parseBody, type RefusalDialect } from '../refusal.ts';

const bodySchema = z.object({
  detail: z.object({ message: z.string().optional() }).optional().catch(undefined),
  message: z.string().optional().catch(undefined),
});

export const elevenlabsRefusal: RefusalDialect = {
  reason({ body }) {
    const said = parseBody(bodySchema, body);
    return said?.detail?.message ?? said?.message;
  },
  requestId: ({ headers }) => headerText(headers, 'request-id'),
};
