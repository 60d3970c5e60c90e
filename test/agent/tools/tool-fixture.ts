import type { KnowledgeLookup } from '../../../src/agent/knowledge/knowledge-lookup.ts';
import { toolsFor, toolNames } from '../../../src/agent/tools/registry.ts';
import { ToolRunner, type ToolRun, type ToolRunOptions } from '../../../src/agent/tools/run-tool.ts';
import type { Tool } from '../../../src/agent/tools/tool.ts';
import type { Tenancy } from '../../../src/business/tenancy/tenancy.ts';
import { newId, type TenantId } from '../../../src/platform/data/ids.ts';
import type { CallId } from '../../../src/business/tenancy/ids/ids.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import type { AgentConfig } from '../../../src/business/line/agents/agent-config.ts';
import { agentConfig, targets } from '../agent-fixture.ts';

export interface CallOptions {
  readonly tenancy: Pick<Tenancy, 'run'>;
  readonly tenantId: TenantId;
  readonly callerPhone: string | undefined;
  readonly callId?: CallId;
  readonly clock?: FakeClock;
  readonly tools?: readonly Tool[];
  readonly knowledge?: KnowledgeLookup;
  readonly agent?: AgentConfig;
}

/** A call whose tools run against a database. A Monday morning in New York, unless the clock says otherwise. */
export function callOf(options: CallOptions) {
  const clock = options.clock ?? new FakeClock(new Date('2026-03-02T14:00:00.000Z'));
  const config = options.agent ?? agentConfig({ tools: [...toolNames], transferTargets: targets });
  const errors: unknown[] = [];
  const slow: (string | undefined)[] = [];
  const late: ToolRun[] = [];
  const runner = new ToolRunner({
    tools: options.tools ?? toolsFor(config),
    context: {
      tenantId: options.tenantId,
      callId: options.callId ?? newId('call'),
      callerPhone: options.callerPhone,
      dialledPhone: '+12125550100',
      agent: config,
      timeZone: 'America/New_York',
      knowledge: options.knowledge,
    },
    tenancy: options.tenancy,
    clock,
    onError: (_tool, error) => errors.push(error),
  });
  const run = (name: string, args: object, given: Partial<ToolRunOptions> = {}): Promise<ToolRun> =>
    runner.run(runner.prepare({ id: 'c1', name, arguments: JSON.stringify(args) }), {
      turn: 1,
      signal: new AbortController().signal,
      onSlow: (line) => slow.push(line),
      onLateResult: (result) => late.push(result),
      ...given,
    });
  return { clock, runner, run, errors, slow, late };
}
