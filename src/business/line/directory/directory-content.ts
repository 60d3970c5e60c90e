import { z } from 'zod';
import { type AgentConfig, storedConfigSchema } from '../agents/agents.ts';
import { parseId, type TenantId } from '../../../platform/data/ids.ts';
import type { AgentVersionId } from '../../tenancy/ids/ids.ts';
import type { AfterHours, AnsweringAgent, DialledLine } from './line.ts';

const id = <Prefix extends string>(prefix: Prefix) =>
  z.string().transform((text, context) => {
    const parsed = parseId(prefix, text);
    if (parsed !== undefined) return parsed;
    context.addIssue(`is not the id of a ${prefix}`);
    return z.NEVER;
  });

const numberSchema = z.object({
  number: z.string(),
  numberId: id('num'),
  tenantId: id('tnt'),
  businessName: z.string(),
  timeZone: z.string(),
  isSuspended: z.boolean(),
  afterHoursAgentId: id('agt').nullable(),
  afterHoursMessage: z.string().nullable(),
});

const minute = z.number().int();

/** What the directory is made of, in the database and in the snapshot: each agent's version once, however many numbers. */
export const directoryContentSchema = z.object({
  numbers: z.array(numberSchema),
  links: z.array(z.object({ numberId: id('num'), agentId: id('agt'), weight: z.number() })),
  /** Agents with something published. */
  agents: z.array(z.object({ agentId: id('agt'), agentVersionId: id('agv') })),
  weeklyHours: z.array(
    z.object({ tenantId: id('tnt'), weekday: minute, opensAtMinute: minute, closesAtMinute: minute }),
  ),
  exceptions: z.array(
    z.object({
      tenantId: id('tnt'),
      localDate: z.string(),
      opensAtMinute: minute.nullable(),
      closesAtMinute: minute.nullable(),
    }),
  ),
});

export type DirectoryContent = z.output<typeof directoryContentSchema>;
export type AgentVersions = ReadonlyMap<AgentVersionId, AgentConfig>;

/** Undefined for what this server cannot read. */
export function parseVersion(config: unknown): AgentConfig | undefined {
  return storedConfigSchema.safeParse(config).data;
}

/** Lines by number. Versions that are not there answer nothing. */
export function assembleLines(
  content: DirectoryContent,
  versions: AgentVersions,
): ReadonlyMap<string, DialledLine> {
  const answering = new Map<string, AnsweringAgent>();
  for (const { agentId, agentVersionId } of content.agents) {
    const agent = versions.get(agentVersionId);
    if (agent !== undefined) answering.set(agentId, { agentId, agentVersionId, agent });
  }
  const links = Map.groupBy(content.links, ({ numberId }) => numberId);
  const weekly = Map.groupBy(content.weeklyHours, ({ tenantId }) => tenantId);
  const exceptions = Map.groupBy(content.exceptions, ({ tenantId }) => tenantId);
  const hoursOf = (tenantId: TenantId, timeZone: string): Pick<DialledLine, 'hours'> => {
    const week = weekly.get(tenantId);
    if (week === undefined) return {};
    return { hours: { timeZone, weekly: week, exceptions: exceptions.get(tenantId) ?? [] } };
  };
  return new Map(
    content.numbers.map((row) => {
      const { number, numberId, tenantId, businessName, timeZone, isSuspended } = row;
      const agents = (links.get(numberId) ?? []).flatMap(({ agentId, weight }) => {
        const agent = answering.get(agentId);
        return agent === undefined || weight <= 0 ? [] : { ...agent, weight };
      });
      const line: DialledLine = {
        number,
        numberId,
        tenantId,
        businessName,
        timeZone,
        isSuspended,
        agents,
        ...hoursOf(tenantId, timeZone),
        afterHours: afterHoursOf(row, answering),
      };
      return [number, line];
    }),
  );
}

function afterHoursOf(
  row: DirectoryContent['numbers'][number],
  answering: ReadonlyMap<string, AnsweringAgent>,
): AfterHours | undefined {
  if (row.afterHoursMessage !== null) return { type: 'message', text: row.afterHoursMessage };
  const agent = row.afterHoursAgentId === null ? undefined : answering.get(row.afterHoursAgentId);
  return agent === undefined ? undefined : { type: 'agent', ...agent };
}
