import { problemSchema } from '../../../platform/http/problem.ts';

/** The refusals of every route behind the guard, to be spread into its responses. */
const guarded = {
  400: problemSchema,
  401: problemSchema,
  403: problemSchema,
  429: problemSchema,
  503: problemSchema,
} as const;

/** Of routes that read: `response: { 200: …, ...reading }`. */
export const reading = { ...guarded, 404: problemSchema } as const;

/** Of routes that change or remove what is there. */
export const changing = { ...reading, 409: problemSchema, 412: problemSchema } as const;

/** Of routes that create, dial or pay. */
export const creating = { ...reading, 409: problemSchema, 422: problemSchema } as const;
