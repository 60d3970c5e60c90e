import { z } from 'zod';
import { defineTool } from './define-tool.ts';

export const endCallTool = defineTool({
  name: 'end_call',
  description:
    'Hangs up once what you say has been heard. Call it in the same answer as your goodbye, when the caller has said goodbye or wants nothing more.',
  effect: 'call-control',
  needs: 'hang-up',
  schema: z.object({}),
  run: () => ({ result: { status: 'ending' }, action: { type: 'end-call' } }),
});
