import { z } from 'zod';
import type { TransferTarget } from '../../business/line/agents/agents.ts';
import { NotFound } from '../../platform/process/errors.ts';
import { defineTool } from './define-tool.ts';
import type { Tool } from './tool.ts';

/** Transfers to a configured target by its id. The model cannot give a phone number, so it cannot dial others. */
export function transferCallTool(targets: readonly TransferTarget[]): Tool {
  const ids = targets.map(({ id }) => id);
  return defineTool({
    name: 'transfer_call',
    description:
      'Connects the caller with a person. Say in one short sentence that you are putting them through, in the same answer. If nobody picks up you get the caller back.',
    effect: 'call-control',
    needs: 'transfer',
    schema: z.object({
      targetId: z
        .enum(ids)
        .describe(targets.map(({ id, name, when }) => `${id}: ${name}, ${when}`).join('; ')),
    }),
    run({ targetId }, { agent }) {
      const target = agent.transferTargets.find(({ id }) => id === targetId);
      if (target === undefined) {
        throw new NotFound('There is nobody of that id to connect to.', { code: 'transfer-target-unknown' });
      }
      return {
        result: { status: 'connecting', to: target.name },
        action: { type: 'transfer', targetId: target.id },
      };
    },
  });
}
