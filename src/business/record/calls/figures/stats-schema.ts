import { z } from 'zod';
import { instant } from '../../../../platform/http/rest-values.ts';
import { rangeFields } from '../call.ts';
import { figuresExample } from '../call-examples.ts';
import { latencyStages } from './stats-queries.ts';

const stageSchema = z.object({ turns: z.int(), p50Ms: z.int(), p95Ms: z.int() }).nullable();

export const figureFields = {
  calls: z.int(),
  answered: z.int(),
  completed: z.int(),
  minutes: z.number(),
  averageDurationMs: z.int(),
  costMicros: z.number().describe('Millionths of a US dollar: what vendors charge.'),
  outcomes: z.record(z.string(), z.int()).describe('Calls by what came of them; a call may have several.'),
  latency: z
    .object(Object.fromEntries(latencyStages.map((stage) => [stage, stageSchema])))
    .describe('By stage of answering a turn; null where no turn passed it.'),
};

export const callStatsSchema = z
  .object({
    startedAfter: instant,
    startedBefore: instant,
    timeZone: z.string().describe('Of the business; days are its days.'),
    total: z.object(figureFields),
    groups: z
      .array(
        z.object({ key: z.string().describe('A day, or the id of a number or agent.'), ...figureFields }),
      )
      .describe('Empty without groupBy.'),
  })
  .meta({
    id: 'CallStats',
    examples: [
      {
        startedAfter: '2026-11-17T09:00:00.000Z',
        startedBefore: '2026-11-24T09:00:00.000Z',
        timeZone: 'America/New_York',
        total: figuresExample,
        groups: [{ key: '2026-11-23', ...figuresExample, calls: 19, answered: 19, completed: 19 }],
      },
    ],
  });

export const statsQuery = z.object({
  ...rangeFields,
  groupBy: z.enum(['day', 'number', 'agent']).optional(),
});
