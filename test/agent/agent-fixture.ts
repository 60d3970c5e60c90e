import {
  type DatabaseConnection,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import type { z } from 'zod';
import { createAgent } from '../../src/agent/agent.ts';
import { Conversation } from '../../src/agent/conversation.ts';
import { type Channel, voiceChannel } from '../../src/agent/channel.ts';
import type { Agent, ReplyPart } from '../../src/agent/reply-part.ts';
import { defineTool } from '../../src/agent/tools/define-tool.ts';
import type { BusinessTool, Tool } from '../../src/agent/tools/tool.ts';
import { agentConfigSchema } from '../../src/business/line/agents/agent-config.ts';
import type { Line } from '../../src/business/line/directory/directory.ts';
import type { Db } from '../../src/platform/data/db.ts';
import { newId } from '../../src/platform/data/ids.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { type Script, ScriptedModel } from '../support/scripted-model.ts';
import { testTenancy } from '../support/test-tenancy.ts';

export const targets = [
  { id: 'workshop', name: 'Sam in the workshop', phone: '+12125550111', when: 'questions about a repair' },
];

export function agentConfig(overrides: Partial<z.input<typeof agentConfigSchema>> = {}) {
  return agentConfigSchema.parse({
    name: 'Robin',
    greeting: 'Hello!',
    instructions: 'Be kind.',
    voice: {},
    speechToText: {},
    model: { name: 'first-model', fallback: 'second-model' },
    tools: [],
    turnTaking: {},
    recording: {},
    ...overrides,
  });
}

export function lineOf(overrides: Partial<Line> = {}): Line {
  return {
    number: '+15005550100',
    numberId: newId('num'),
    tenantId: newId('tnt'),
    businessName: 'Harbour Bikes',
    timeZone: 'America/New_York',
    agentId: newId('agt'),
    agentVersionId: newId('agv'),
    agent: agentConfig(),
    ...overrides,
  };
}

/** A tool of the test's own, whose work is a plain function. */
export function toolOf<Schema extends z.ZodObject>(
  tool: Pick<BusinessTool<Schema>, 'name' | 'schema' | 'effect' | 'run'> & Partial<BusinessTool<Schema>>,
): Tool {
  return defineTool({ description: 'A tool of the test.', ...tool });
}

/** Answers every query with the same rows. */
class SameRows extends DummyDriver {
  readonly #rows: readonly object[];

  constructor(rows: readonly object[]) {
    super();
    this.#rows = rows;
  }

  override acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve({
      executeQuery: () => Promise.resolve({ rows: [...this.#rows] as never[] }),
      streamQuery: () => {
        throw new Error('nothing to stream');
      },
    });
  }
}

/** A database in which nothing is ever found; its transactions work. */
const emptyDatabase = databaseWithRows([]);
/** One in which every claim of the ledger succeeds. */
export const ledgerDatabase = databaseWithRows([{ idempotency_key: 'claimed' }]);

function databaseWithRows(rows: readonly object[]): Db {
  return new Kysely({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new SameRows(rows),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

export interface World {
  readonly clock: FakeClock;
  readonly model: ScriptedModel;
  readonly conversation: Conversation;
  readonly agent: Agent;
  readonly parts: ReplyPart[];
  readonly errors: unknown[];
  /** Starts a reply to a committed turn as the call does it. */
  readonly answer: (turn?: number) => Running;
  readonly speculate: (text: string) => Running & { commit(): void };
}

interface Running {
  readonly replyId: string;
  readonly done: Promise<void>;
  abort(): void;
  isDone(): boolean;
}

export function world(
  scripts: readonly Script[],
  options: { tools?: readonly Tool[]; db?: Db; line?: Line; channel?: Channel } = {},
): World {
  const clock = new FakeClock();
  const model = new ScriptedModel(clock, scripts);
  const conversation = new Conversation();
  const errors: unknown[] = [];
  const agent = createAgent(
    {
      model,
      tenancy: testTenancy(options.db ?? emptyDatabase),
      clock,
      onError: (_what, error) => errors.push(error),
    },
    {
      channel: options.channel ?? voiceChannel,
      occasion: { callId: newId('call') },
      line: options.line ?? lineOf(),
      customerPhone: '+12125550188',
      history: conversation,
      tools: options.tools,
    },
  );
  const parts: ReplyPart[] = [];
  let replies = 0;

  function run(turn: number, speculativeText?: string): Running & { commit(): void } {
    const replyId = `r${(replies += 1)}`;
    const abort = new AbortController();
    const committed = Promise.withResolvers<void>();
    let isDone = false;
    const request = { replyId, turn, committed: committed.promise, signal: abort.signal };
    const done = agent
      .reply({ ...request, ...(speculativeText === undefined ? {} : { speculativeText }) }, (part) =>
        parts.push(part),
      )
      .then(() => void (isDone = true));
    return {
      replyId,
      done,
      abort: () => abort.abort('barge-in'),
      isDone: () => isDone,
      commit: committed.resolve,
    };
  }

  return {
    clock,
    model,
    conversation,
    agent,
    parts,
    errors,
    answer: (turn = 1) => run(turn),
    speculate: (text) => run(1, text),
  };
}

export function textOf(parts: readonly ReplyPart[]): string {
  return parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
}

export function kindsOf(parts: readonly ReplyPart[]): string[] {
  return parts.map((part) =>
    part.type === 'filler' ? `filler:${part.phrase}` : part.type === 'fault' ? part.kind : part.type,
  );
}
