import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { VendorError } from '../../src/platform/process/errors.ts';
import { end, text, tokensOf, toolCall, usage, wait } from '../support/scripted-model.ts';
import { agentConfig, kindsOf, ledgerDatabase, lineOf, textOf, toolOf, world } from './agent-fixture.ts';

const sentence =
  'Certainly, your appointment with Robin is on Tuesday, the third of March, at half past ten in the morning; please bring the receipt with you, and come a little early so that we can fit the saddle before the ride begins at eleven sharp.';

const refused = (code: string, options: { isRetryable?: boolean; retryAfterMs?: number } = {}) =>
  ({
    type: 'throw',
    error: new VendorError('openai', 'no', { isRetryable: true, code, ...options }),
  }) as const;

describe('the agent, when all goes well', () => {
  it('streams text, reports the usage and ends with one end part', async () => {
    const { answer, parts, clock, conversation } = world([
      [text('Hello. '), text('How are you?'), usage(90, 7), end],
    ]);
    conversation.addCallerTurn('Hi');
    const { done } = answer();
    await done;
    expect(parts).toEqual([
      { type: 'model-requested', model: 'first-model' },
      { type: 'text-delta', text: 'Hello. ' },
      { type: 'text-delta', text: 'How are you?' },
      {
        type: 'model-used',
        model: 'first-model',
        inputTokens: 90,
        cachedTokens: 0,
        outputTokens: 7,
        estimated: false,
      },
      { type: 'end', outcome: 'completed' },
    ]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('asks with the prompt first, then the conversation, and offers its tools', async () => {
    const { answer, model, conversation } = world([[text('Yes.'), end]]);
    conversation.addCallerTurn('Are you open?');
    await answer().done;
    const [request] = model.requests;
    expect(request?.messages.map(({ role }) => role)).toEqual(['system', 'system', 'user']);
    expect(request?.tools.map(({ name }) => name)).toEqual(['end_call']);
    expect(request?.cacheKey).toMatch(/^agv_/);
  });

  it('writes its text into the conversation, where it can be cut to what was heard', async () => {
    const { answer, conversation } = world([[text('We have red and blue.'), end]]);
    conversation.addCallerTurn('Colours?');
    await answer().done;
    expect(conversation.messages().at(-1)?.content).toBe('We have red and blue.');
    conversation.endReply('r1', 'We have', { interrupted: true });
    expect(conversation.messages().at(-1)?.content).toBe('We have [interrupted]');
  });
});

describe('tools in a reply', () => {
  const lookUp = toolOf({
    name: 'look_up',
    effect: 'read',
    schema: z.object({ what: z.string() }),
    run: async ({ what }) => ({ result: { found: what } }),
  });
  const withTools = { tools: [lookUp] };

  it('runs a tool, gives the model its result, and says the answer', async () => {
    const { answer, parts, model, conversation } = world(
      [
        [text('Let me look.'), toolCall('c1', 'look_up', { what: 'x' }), end],
        [text('Here it is.'), end],
      ],
      withTools,
    );
    conversation.addCallerTurn('Find x');
    await answer().done;
    expect(kindsOf(parts)).toEqual([
      'model-requested',
      'text-delta',
      'model-used',
      'tool-started',
      'tool-ended',
      'model-requested',
      'text-delta',
      'model-used',
      'end',
    ]);
    expect(parts[4]).toMatchObject({
      toolCallId: 'c1',
      tool: 'look_up',
      status: 'ok',
      result: { found: 'x' },
    });
    expect(model.requests[1]?.messages.slice(-3)).toEqual([
      { role: 'user', content: 'Find x' },
      {
        role: 'assistant',
        content: 'Let me look.',
        toolCalls: [{ id: 'c1', name: 'look_up', arguments: '{"what":"x"}' }],
      },
      { role: 'tool', toolCallId: 'c1', content: '{"found":"x"}' },
    ]);
  });

  it('asks for an answer without tools after four rounds of them', async () => {
    const { answer, parts, model, conversation } = world(
      [
        ({ tools }) =>
          tools.length > 0 ? [toolCall('c1', 'look_up', { what: 'x' }), end] : [text('That is all.'), end],
      ],
      withTools,
    );
    conversation.addCallerTurn('Find x');
    await answer().done;
    expect(model.requests.map(({ tools }) => tools.length)).toEqual([1, 1, 1, 1, 0]);
    expect(parts.at(-1)).toEqual({ type: 'end', outcome: 'completed' });
  });

  it('hangs up after the goodbye without asking the model again', async () => {
    const { answer, parts, model, conversation } = world([
      [text('Goodbye!'), toolCall('c1', 'end_call', {}), end],
    ]);
    conversation.addCallerTurn('Bye');
    await answer().done;
    expect(model.requests).toHaveLength(1);
    expect(parts.slice(-2)).toEqual([
      { type: 'action', action: { type: 'end-call' } },
      { type: 'end', outcome: 'completed' },
    ]);
  });

  it('asks for the goodbye when the model hangs up without a word', async () => {
    const { answer, parts, conversation } = world([
      [toolCall('c1', 'end_call', ''), end],
      [text('Goodbye!'), end],
    ]);
    conversation.addCallerTurn('Bye');
    await answer().done;
    expect(textOf(parts)).toBe('Goodbye!');
    expect(parts.filter(({ type }) => type === 'action')).toHaveLength(1);
  });

  it('[F6] runs nothing for whatever nonsense the model writes, and lets it try again', async () => {
    let runs = 0;
    const strictTool = toolOf({
      name: 'strict_tool',
      effect: 'read',
      schema: z.object({ amount: z.int().min(1).max(9), day: z.enum(['mon', 'tue']) }),
      run: async () => ({ result: (runs += 1) }),
    });
    const nonsense = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ amount: fc.anything(), day: fc.constant('sun') })
        .map((value) => JSON.stringify(value) ?? ''),
      fc.constant('{"amount":1,"day":"mon"'),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('strict_tool', 'no_such_tool', ''), nonsense, async (name, args) => {
        const { answer, parts, model, conversation } = world(
          [
            [toolCall('c1', name, args), end],
            [text('Which day?'), end],
          ],
          { tools: [strictTool] },
        );
        conversation.addCallerTurn('Do it');
        await answer().done;
        const ended = parts.find((part) => part.type === 'tool-ended');
        expect(ended?.status).toBe(name === 'strict_tool' ? 'invalid-arguments' : 'unknown-tool');
        expect(runs).toBe(0);
        expect(model.requests[1]?.messages.at(-1)).toMatchObject({ role: 'tool', toolCallId: 'c1' });
        expect(parts.at(-1)).toEqual({ type: 'end', outcome: 'completed' });
      }),
      { numRuns: 60 },
    );
  });

  it('[L23] has a result for every call when the caller interrupts between two tools', async () => {
    const gate = Promise.withResolvers<void>();
    const slow = toolOf({
      name: 'slow',
      effect: 'read',
      schema: z.object({}),
      run: async () => {
        await gate.promise;
        return { result: 'late' };
      },
    });
    const { answer, parts, clock, conversation } = world(
      [[toolCall('c1', 'slow', {}), toolCall('c2', 'slow', {}), end]],
      { tools: [slow] },
    );
    conversation.addCallerTurn('Do both');
    const reply = answer();
    await clock.advanceAsync(100);
    reply.abort();
    await reply.done;
    conversation.endReply(reply.replyId, '', { interrupted: true });
    expect(conversation.messages().slice(-2)).toEqual([
      { role: 'tool', toolCallId: 'c1', content: '{"status":"cancelled"}' },
      { role: 'tool', toolCallId: 'c2', content: '{"status":"cancelled"}' },
    ]);
    expect(parts.some(({ type }) => type === 'end')).toBe(false);
    gate.resolve();
    await clock.advanceAsync(10_000);
    expect(conversation.messages('so?').some(({ content }) => content.includes('late'))).toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('[L23] a write that finishes after its reply', () => {
  const emptyArguments = z.object({});

  /** A write that ends when the test says so. */
  function slowBooking() {
    const gate = Promise.withResolvers<void>();
    const tool = toolOf({
      name: 'slow_booking',
      effect: 'write',
      schema: emptyArguments,
      async run() {
        await gate.promise;
        return { result: { status: 'booked', reference: 'B-1' } };
      },
    });
    return { tool, finish: gate.resolve };
  }

  it("stores its result at the tool call when it arrives before the caller's next turn", async () => {
    const { tool, finish } = slowBooking();
    const { answer, clock, parts, conversation } = world(
      [[text('Booking it. '), toolCall('c1', 'slow_booking', {}), end]],
      { tools: [tool], db: ledgerDatabase },
    );
    conversation.addCallerTurn('Yes, book it');
    const reply = answer();
    await clock.advanceAsync(100);
    reply.abort();
    await reply.done;
    conversation.endReply(reply.replyId, 'Booking', { interrupted: true });
    expect(parts.some(({ type }) => type === 'tool-ended')).toBe(false);
    finish();
    await clock.advanceAsync(10);
    expect(parts.at(-1)).toMatchObject({ type: 'tool-ended', status: 'ok' });
    conversation.addCallerTurn('Did you?');
    expect(conversation.messages().slice(1)).toEqual([
      {
        role: 'assistant',
        content: 'Booking [interrupted]',
        toolCalls: [{ id: 'c1', name: 'slow_booking', arguments: '{}' }],
      },
      { role: 'tool', toolCallId: 'c1', content: '{"status":"booked","reference":"B-1"}' },
      { role: 'user', content: 'Did you?' },
    ]);
  });

  it('adds its result to the next turn, once, when the caller has spoken meanwhile', async () => {
    const { tool, finish } = slowBooking();
    const { answer, clock, conversation } = world(
      [
        [toolCall('c1', 'slow_booking', {}), end],
        [text('Soon.'), end],
      ],
      {
        tools: [tool],
        db: ledgerDatabase,
      },
    );
    conversation.addCallerTurn('Yes, book it');
    const reply = answer();
    await clock.advanceAsync(100);
    reply.abort();
    conversation.endReply(reply.replyId, '', { interrupted: true });
    conversation.addCallerTurn('Hello?');
    finish();
    await clock.advanceAsync(10);
    const news = () => conversation.messages().filter(({ content }) => content.includes('B-1'));
    expect(news()).toEqual([]);
    conversation.endReply('r9', 'Soon.', { interrupted: false });
    conversation.addCallerTurn('And?');
    expect(news()).toHaveLength(1);
    conversation.endReply('r10', 'Done.', { interrupted: false });
    conversation.addCallerTurn('Thanks');
    expect(news()).toHaveLength(1);
    const unknown = conversation.messages().find(({ role }) => role === 'tool');
    expect(unknown?.content).toContain('unknown');
  });

  it('[F28] waits in the language of the agent, and repeats no waiting line within one reply', async () => {
    const findOrder = toolOf({
      name: 'find_order',
      effect: 'read',
      schema: emptyArguments,
      run: () => new Promise(() => undefined),
    });
    const { answer, clock, conversation, parts } = world(
      [
        [toolCall('c1', 'find_order', {}), end],
        [toolCall('c2', 'find_order', {}), end],
        [text('Ich komme gerade nicht ins System.'), end],
      ],
      { tools: [findOrder], line: lineOf({ agent: agentConfig({ language: 'de-DE' }) }) },
    );
    conversation.addCallerTurn('Wo ist meine Bestellung?');
    const reply = answer();
    await clock.advanceAsync(10_000);
    await reply.done;
    const said = parts.flatMap((part) =>
      part.type === 'filler-text' ? part.text : part.type === 'filler' ? part.phrase : [],
    );
    expect(said).toEqual(['Ich suche Ihre Bestellung heraus.', 'one-moment']);
  });

  it('[F28] adds the late result of a timed-out tool to the next turn, once', async () => {
    const { tool, finish } = slowBooking();
    const { answer, clock, conversation, parts } = world(
      [
        [toolCall('c1', 'slow_booking', {}), end],
        [text('I can not reach the system. Shall I take a message?'), end],
      ],
      { tools: [tool], db: ledgerDatabase },
    );
    conversation.addCallerTurn('Yes, book it');
    const reply = answer();
    await clock.advanceAsync(5_000);
    await reply.done;
    expect(kindsOf(parts)).toContain('filler:one-moment');
    expect(textOf(parts)).toContain('Shall I take a message?');
    finish();
    await clock.advanceAsync(10);
    conversation.addCallerTurn('No');
    const news = conversation.messages().filter(({ content }) => content.includes('B-1'));
    expect(news).toMatchObject([{ role: 'system' }]);
    const roles = conversation.messages().map(({ role }) => role);
    expect(roles.slice(-4)).toEqual(['tool', 'assistant', 'system', 'user']);
  });
});

describe('the agent, when a model fails', () => {
  it.each(['429', '500', 'connection'])('[F3] answers once, from the other model, after %s', async (code) => {
    const { answer, parts, model, conversation } = world([
      [refused(code)],
      [text('Here I am.'), usage(50, 4), end],
    ]);
    conversation.addCallerTurn('Hi');
    await answer().done;
    expect(kindsOf(parts)).toEqual([
      'model-requested',
      'llm.failover',
      'model-requested',
      'text-delta',
      'model-used',
      'end',
    ]);
    expect(model.requests.map((request) => request.model)).toEqual(['first-model', 'second-model']);
    expect(textOf(parts)).toBe('Here I am.');
  });

  it('[F3] never answers twice, whatever mixture of refusals comes before the answer', async () => {
    const failures = fc.array(fc.constantFrom('429', '500', 'ECONNRESET'), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(failures, async (codes) => {
        const { answer, clock, parts, conversation } = world([
          ...codes.map((code) => [refused(code)]),
          [text('Here I am.'), usage(50, 4), end],
        ]);
        conversation.addCallerTurn('Hi');
        const reply = answer();
        await clock.advanceAsync(4_000);
        await reply.done;
        expect(textOf(parts)).toBe('Here I am.');
        expect(parts.filter(({ type }) => type === 'model-used')).toHaveLength(1);
        expect(parts.filter(({ type }) => type === 'fault')).toHaveLength(codes.length);
        expect(parts.at(-1)).toEqual({ type: 'end', outcome: 'completed' });
        expect(clock.pendingTimers).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('[F3] does not ask a model before its retry-after has passed, and asks it again afterwards', async () => {
    const { answer, clock, model, conversation } = world([
      [refused('429', { retryAfterMs: 20_000 })],
      [text('One.'), end],
    ]);
    conversation.addCallerTurn('Hi');
    await answer().done;
    await clock.advanceAsync(19_000);
    await answer().done;
    await clock.advanceAsync(1_500);
    await answer().done;
    expect(model.requests.map((request) => request.model)).toEqual([
      'first-model',
      'second-model',
      'second-model',
      'first-model',
    ]);
  });

  it('never asks a model again after a permanent error', async () => {
    const { answer, clock, parts, model, conversation } = world([[refused('401', { isRetryable: false })]]);
    conversation.addCallerTurn('Hi');
    const reply = answer();
    await clock.advanceAsync(2_000);
    await reply.done;
    expect(model.requests).toHaveLength(2);
    expect(parts.at(-1)).toEqual({ type: 'end', outcome: 'failed' });
  });

  it('[F4] [L5] aborts a model without a token after 2.5 s and asks the other one', async () => {
    const { answer, clock, parts, model, conversation } = world([
      [text(''), { type: 'hang' }],
      [text('Here I am.'), end],
    ]);
    conversation.addCallerTurn('Hi');
    const reply = answer();
    await clock.advanceAsync(2_499);
    expect(kindsOf(parts)).toEqual(['model-requested', 'filler:one-moment']);
    await clock.advanceAsync(1);
    await reply.done;
    expect(model.signals[0]?.aborted).toBe(true);
    expect(kindsOf(parts)).toEqual([
      'model-requested',
      'filler:one-moment',
      'model-used',
      'llm.timeout',
      'model-requested',
      'text-delta',
      'model-used',
      'end',
    ]);
    expect(parts[2]).toMatchObject({ model: 'first-model', outputTokens: 0, estimated: true });
  });

  it('[F4] speaks a waiting line after 1 s and after 4 s of silence, and fails the reply after 8 s', async () => {
    const { answer, clock, parts, conversation } = world([[{ type: 'hang' }]]);
    conversation.addCallerTurn('Hi');
    const reply = answer();
    const saidAtMs: Record<string, number> = {};
    for (let elapsedMs = 0; elapsedMs <= 9_000; elapsedMs += 100) {
      for (const kind of kindsOf(parts)) saidAtMs[kind] ??= elapsedMs;
      await clock.advanceAsync(100);
    }
    expect(saidAtMs).toMatchObject({ 'filler:one-moment': 1_000, 'filler:still-working': 4_000, end: 8_000 });
    expect(parts.at(-1)).toEqual({ type: 'end', outcome: 'failed' });
    expect(reply.isDone()).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  it('[L10] treats an empty answer as a failure and asks the other model', async () => {
    const { answer, parts, conversation } = world([[end], [text('Yes.'), end]]);
    conversation.addCallerTurn('Hi');
    await answer().done;
    expect(kindsOf(parts)).toContain('llm.truncated');
    expect(textOf(parts)).toBe('Yes.');
  });

  const tokens = tokensOf(sentence);
  const cuts = Array.from({ length: 40 }, (_, index) => index + 1);
  const breaks = {
    'the stream stops without its end': [],
    'the connection breaks': [{ type: 'throw', error: new TypeError('terminated') }],
    'it stalls': [{ type: 'hang' }],
  } as const;
  const continuations = {
    'goes on from there': (spoken: string) => sentence.slice(spoken.length),
    'starts over': () => sentence,
    'repeats the last words': (spoken: string) =>
      sentence.slice(spoken.trimEnd().split(' ').slice(0, -2).join(' ').length).trimStart(),
  } as const;

  describe.each(Object.entries(breaks))('[F5] when %s', (_name, broken) => {
    it.each(Object.entries(continuations))(
      'says the sentence whole and once if the other model %s, cut after 1 to 40 tokens',
      async (_manner, continueFrom) => {
        for (const cut of cuts) {
          const { answer, clock, parts, model, conversation } = world([
            [...tokens.slice(0, cut), ...broken],
            ({ messages }) => {
              const said = messages.findLast(({ role }) => role === 'assistant');
              return [...tokensOf(said === undefined ? sentence : continueFrom(`${said.content} `)), end];
            },
          ]);
          conversation.addCallerTurn('When?');
          const reply = answer();
          await clock.advanceAsync(2_600);
          await reply.done;
          expect(textOf(parts)).toBe(sentence);
          expect(kindsOf(parts)).toContain('llm.truncated');
          expect(model.requests.at(-1)?.model).toBe('second-model');
          // A stall before the first whole word is silence, which is broken by a line.
          const said = conversation.messages().at(-1)?.content.replace('One moment, please. ', '');
          expect(said).toBe(sentence);
        }
      },
    );
  });

  it('[F5] gives the other model the text spoken so far, and counts the tokens of the first one', async () => {
    const { answer, parts, model, conversation } = world([tokens.slice(0, 10), [text('and so on.'), end]]);
    conversation.addCallerTurn('When?');
    await answer().done;
    const [said, order] = model.requests[1]!.messages.slice(-2);
    expect(said?.role).toBe('assistant');
    expect(sentence.startsWith(said!.content)).toBe(true);
    expect(order).toMatchObject({ role: 'system' });
    const used = parts.filter((part) => part.type === 'model-used');
    expect(used).toHaveLength(2);
    expect(used[0]).toMatchObject({ model: 'first-model', estimated: true });
    expect(used[0]!.outputTokens).toBeGreaterThan(5);
  });

  it('[F5] drops the tool calls of a broken stream', async () => {
    const { answer, parts, conversation } = world([
      [toolCall('c1', 'end_call', {})],
      [text('Still here.'), end],
    ]);
    conversation.addCallerTurn('Hi');
    await answer().done;
    expect(parts.some(({ type }) => type === 'tool-started')).toBe(false);
    expect(textOf(parts)).toBe('Still here.');
  });

  it('does not abort a slow stream that makes progress', async () => {
    const { answer, clock, parts, conversation } = world([
      [wait(2_000), ...tokens.slice(0, 12).flatMap((token) => [token, wait(1_900)]), end],
    ]);
    conversation.addCallerTurn('Hi');
    const reply = answer();
    await clock.advanceAsync(40_000);
    await reply.done;
    expect(parts.filter(({ type }) => type === 'fault')).toEqual([]);
    expect(parts.at(-1)).toEqual({ type: 'end', outcome: 'completed' });
  });
});

describe('a reply that is cut', () => {
  it('an aborted reply resolves at once without an end part, even when the model never stops', async () => {
    const { answer, clock, parts, conversation, model } = world([[text('Well, '), { type: 'hang' }]]);
    conversation.addCallerTurn('Hi');
    const reply = answer();
    await clock.advanceAsync(10);
    reply.abort();
    await reply.done;
    expect(kindsOf(parts)).toEqual(['model-requested', 'text-delta', 'model-used']);
    expect(model.signals[0]?.aborted).toBe(true);
    expect(clock.pendingTimers).toBe(0);
    await clock.advanceAsync(20_000);
    expect(parts).toHaveLength(3);
  });

  it('a reply that is aborted before it began emits nothing', async () => {
    const { answer, conversation, parts } = world([[text('Hello.'), end]]);
    conversation.addCallerTurn('Hi');
    const reply = answer();
    reply.abort();
    await reply.done;
    expect(textOf(parts)).toBe('');
  });
});

describe('[L6] a speculative reply', () => {
  it('answers the words so far, and leaves nothing in the conversation when it is discarded', async () => {
    const { speculate, clock, conversation, model, parts } = world([[text('Sure, '), wait(5_000), end]]);
    const before = conversation.messages();
    const reply = speculate('I would like to');
    await clock.advanceAsync(100);
    expect(model.requests[0]?.messages.at(-1)).toEqual({ role: 'user', content: 'I would like to' });
    reply.abort();
    await reply.done;
    expect(conversation.messages()).toEqual(before);
    expect(parts.filter(({ type }) => type === 'model-used')).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is in the conversation from its commit on, with the text written before', async () => {
    const { speculate, clock, conversation } = world([[text('Sure, '), wait(500), text('when?'), end]]);
    const reply = speculate('Book me in');
    await clock.advanceAsync(100);
    conversation.addCallerTurn('Book me in');
    conversation.beginReply(reply.replyId);
    reply.commit();
    await clock.advanceAsync(1_000);
    await reply.done;
    expect(conversation.messages()).toEqual([
      { role: 'user', content: 'Book me in' },
      { role: 'assistant', content: 'Sure, when?' },
    ]);
  });

  it('is in the conversation also when it finished before its commit', async () => {
    const { speculate, clock, conversation } = world([[text('Sure.'), end]]);
    const reply = speculate('Book me in');
    await reply.done;
    conversation.addCallerTurn('Book me in');
    conversation.beginReply(reply.replyId);
    reply.commit();
    await clock.advanceAsync(10);
    expect(conversation.messages().at(-1)?.content).toBe('Sure.');
    expect(clock.pendingTimers).toBe(0);
  });

  it('runs tools only after the commit', async () => {
    const { speculate, clock, conversation, parts } = world([
      [text('Bye.'), toolCall('c1', 'end_call', {}), end],
    ]);
    const reply = speculate('Goodbye');
    await clock.advanceAsync(3_000);
    expect(kindsOf(parts)).toEqual(['model-requested', 'text-delta', 'model-used']);
    conversation.addCallerTurn('Goodbye');
    reply.commit();
    await reply.done;
    expect(kindsOf(parts).slice(3)).toEqual(['tool-started', 'tool-ended', 'action', 'end']);
  });

  it('runs no tool when it is discarded while waiting for its commit', async () => {
    const { speculate, clock, conversation, parts } = world([[toolCall('c1', 'end_call', {}), end]]);
    const reply = speculate('Goodbye');
    await clock.advanceAsync(10);
    reply.abort();
    await reply.done;
    reply.commit();
    await clock.advanceAsync(10_000);
    expect(parts.some(({ type }) => type === 'tool-started')).toBe(false);
    expect(conversation.messages()).toEqual([]);
  });

  it('speaks no filler before its commit, and measures the silence from there', async () => {
    const { speculate, clock, parts } = world([[wait(2_400), text('Yes.'), end]]);
    const reply = speculate('Are you open');
    await clock.advanceAsync(1_300);
    reply.commit();
    await clock.advanceAsync(999);
    expect(kindsOf(parts)).toEqual(['model-requested']);
    await clock.advanceAsync(1);
    expect(kindsOf(parts)).toEqual(['model-requested', 'filler:one-moment']);
    await clock.advanceAsync(200);
    await reply.done;
    expect(textOf(parts)).toBe('Yes.');
  });
});
