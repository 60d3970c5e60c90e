import { z } from 'zod';
import { NotFound } from '../../../platform/process/errors.ts';
import { parseId } from '../../../platform/data/ids.ts';
import type { CallId } from '../../tenancy/references/ids.ts';

export const tags = ['Calls'];

export const callParams = z.object({
  id: z.string().max(100).meta({ example: 'call_01k9zt5w3pe0wsh7v6n0gq5m8x' }),
});

/** What cannot be the id of a call is as unknown as one that is not there. */
export function callIdOf(text: string): CallId {
  const callId = parseId('call', text);
  if (callId === undefined) throw new NotFound('There is no such call.');
  return callId;
}
