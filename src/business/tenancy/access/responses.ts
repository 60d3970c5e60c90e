import { problemSchema } from '../../../platform/http/problem.ts';

/** Error responses of every guarded route, to be spread into its responses. */
const guarded = {
  400: problemSchema,
  401: problemSchema,
  403: problemSchema,
  429: problemSchema,
  503: problemSchema,
} as const;

/** Error responses of routes that read: `response: { 200: …, ...reading }`. */
export const reading = { ...guarded, 404: problemSchema } as const;

/** Error responses of routes that update or delete. */
export const changing = { ...reading, 409: problemSchema, 412: problemSchema } as const;

/** Error responses of routes that create, dial or pay. */
export const creating = { ...reading, 409: problemSchema, 422: problemSchema } as const;
