import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Conversation } from '../../src/agent/conversation.ts';
import type { ModelMessage } from '../../src/agent/language-model.ts';

const call = (id: string, name = 'find_order') => ({ id, name, arguments: '{}' });

describe('the conversation', () => {
  it('holds the turns of caller and agent in order', () => {
    const conversation = new Conversation();
    conversation.endReply('greeting', 'Hello, how can I help?', { interrupted: false });
    conversation.addCallerTurn('I want to book.');
    conversation.beginReply('r1').addText('Of course. When?');
    conversation.endReply('r1', 'Of course. When?', { interrupted: false });
    expect(conversation.messages()).toEqual([
      { role: 'assistant', content: 'Hello, how can I help?' },
      { role: 'user', content: 'I want to book.' },
      { role: 'assistant', content: 'Of course. When?' },
    ]);
  });

  it('[L7] keeps only the heard part of an interrupted reply, with a marker', () => {
    const conversation = new Conversation();
    conversation.addCallerTurn('Which colours are there?');
    conversation.beginReply('r1').addText('We have red, green and blue in stock.');
    conversation.endReply('r1', 'We have red,', { interrupted: true });
    expect(conversation.messages().at(-1)).toEqual({
      role: 'assistant',
      content: 'We have red, [interrupted]',
    });
  });

  it('drops a reply of which nothing was heard, and merges the caller turns around it', () => {
    const conversation = new Conversation();
    conversation.addCallerTurn('I want to book');
    conversation.beginReply('r1').addText('Sure!');
    conversation.endReply('r1', '', { interrupted: true });
    conversation.addCallerTurn('for Tuesday.');
    expect(conversation.messages()).toEqual([{ role: 'user', content: 'I want to book for Tuesday.' }]);
  });

  it('[L23] keeps the tool calls of an interrupted reply with their results where they happened', () => {
    const conversation = new Conversation();
    conversation.addCallerTurn('Where is my order?');
    const record = conversation.beginReply('r1');
    record.addText('Let me look. ');
    record.addToolCalls([call('c1')]);
    record.setToolResult('c1', '{"status":"shipped"}');
    record.addText('It has been shipped.');
    conversation.endReply('r1', 'Let me look. It has', { interrupted: true });
    expect(conversation.messages()).toEqual([
      { role: 'user', content: 'Where is my order?' },
      { role: 'assistant', content: 'Let me look.', toolCalls: [call('c1')] },
      { role: 'tool', toolCallId: 'c1', content: '{"status":"shipped"}' },
      { role: 'assistant', content: 'It has [interrupted]' },
    ]);
  });

  it('[L23] answers a call whose result never came, and takes the first result only', () => {
    const conversation = new Conversation();
    conversation.addCallerTurn('Book it.');
    const record = conversation.beginReply('r1');
    record.addToolCalls([call('c1')]);
    conversation.endReply('r1', '', { interrupted: true });
    const unknown = conversation.messages().at(-1);
    expect(unknown).toMatchObject({ role: 'tool', toolCallId: 'c1' });
    expect(unknown?.content).toContain('unknown');
    expect(record.setToolResult('c1', '"booked"')).toBe(true);
    expect(record.setToolResult('c1', '"again"')).toBe(false);
    expect(record.setToolResult('c2', '"of another"')).toBe(false);
    expect(conversation.messages().at(-1)?.content).toBe('"booked"');
  });

  it('matches heard text to the written pieces however the voice joined them, with or without fillers', () => {
    const conversation = new Conversation();
    conversation.addCallerTurn('Hi');
    const record = conversation.beginReply('r1');
    record.addLine('One moment, please.');
    record.addText('I can do  that. ');
    record.addToolCalls([call('c1')]);
    record.setToolResult('c1', '{}');
    record.addLine('Still looking.');
    record.addText('Done.');
    conversation.endReply('r1', 'I can do that. Done.', { interrupted: false });
    expect(conversation.messages().map(({ content }) => content)).toEqual([
      'Hi',
      'I can do  that.',
      '{}',
      'Done.',
    ]);
  });

  it('puts a line that is spoken during a tool call before the call, because nothing may stand between call and result', () => {
    const conversation = new Conversation();
    conversation.addCallerTurn('Hi');
    const record = conversation.beginReply('r1');
    record.addToolCalls([call('c1')]);
    record.addLine('One moment.');
    record.setToolResult('c1', '{}');
    expect(conversation.messages().slice(1)).toEqual([
      { role: 'assistant', content: 'One moment.', toolCalls: [call('c1')] },
      { role: 'tool', toolCallId: 'c1', content: '{}' },
    ]);
  });

  it('keeps heard words that the agent did not write, such as an apology of the call', () => {
    const conversation = new Conversation();
    conversation.addCallerTurn('Hi');
    conversation.beginReply('r1').addText('Well, ');
    conversation.endReply('r1', 'Well, I am sorry.', { interrupted: false });
    expect(conversation.messages().at(-1)?.content).toBe('Well, I am sorry.');
  });

  it('replaces the last caller turn when it is amended before the agent answered', () => {
    const conversation = new Conversation();
    conversation.addCallerTurn('Two pizzas');
    conversation.amendCallerTurn('Two pizzas and a coke');
    expect(conversation.messages()).toEqual([{ role: 'user', content: 'Two pizzas and a coke' }]);
  });

  it('amends the caller turn in place while the answer is being spoken', () => {
    const conversation = new Conversation();
    conversation.addCallerTurn('Two pizzas');
    conversation.beginReply('r1').addText('Right away.');
    conversation.amendCallerTurn('Two pizzas please');
    expect(conversation.messages().map(({ content }) => content)).toEqual([
      'Two pizzas please',
      'Right away.',
    ]);
  });

  it('adds only the new words when the abandoned answer had run a tool', () => {
    const conversation = new Conversation();
    conversation.addCallerTurn('Book Monday');
    const record = conversation.beginReply('r1');
    record.addToolCalls([call('c1', 'book_appointment')]);
    record.setToolResult('c1', '{"status":"booked"}');
    conversation.endReply('r1', '', { interrupted: true });
    conversation.amendCallerTurn('Book Monday no sorry Tuesday');
    expect(conversation.messages().map(({ role, content }) => [role, content])).toEqual([
      ['user', 'Book Monday'],
      ['assistant', ''],
      ['tool', '{"status":"booked"}'],
      ['user', 'no sorry Tuesday'],
    ]);
  });

  it('adds a late result to the next caller turn, once', () => {
    const conversation = new Conversation();
    conversation.addCallerTurn('One');
    conversation.addNoteForNextTurn('late');
    expect(conversation.messages()).toHaveLength(1);
    expect(conversation.messages('draft').map(({ content }) => content)).toEqual(['late', 'One draft']);
    conversation.endReply('r1', 'Yes?', { interrupted: false });
    conversation.addCallerTurn('Two');
    conversation.endReply('r2', 'Yes.', { interrupted: false });
    conversation.addCallerTurn('Three');
    expect(conversation.messages().filter(({ content }) => content === 'late')).toHaveLength(1);
    expect(conversation.messages().map(({ content }) => content)).toEqual([
      'One',
      'Yes?',
      'late',
      'Two',
      'Yes.',
      'Three',
    ]);
  });

  it('does not store speculative text', () => {
    const conversation = new Conversation();
    conversation.addCallerTurn('One');
    expect(conversation.messages('more').at(-1)?.content).toBe('One more');
    expect(conversation.messages()).toEqual([{ role: 'user', content: 'One' }]);
  });

  it('summarises the oldest exchanges and keeps the newest in full', () => {
    const conversation = new Conversation({ maxCharacters: 2_000, maxSummaryCharacters: 500 });
    for (let turn = 0; turn < 200; turn += 1) {
      conversation.addCallerTurn(`Question ${turn}`);
      const record = conversation.beginReply(`r${turn}`);
      record.addToolCalls([call(`c${turn}`)]);
      record.setToolResult(`c${turn}`, `{"answer":${turn}}`);
      record.addText(`Answer ${turn}`);
      conversation.endReply(`r${turn}`, `Answer ${turn}`, { interrupted: false });
    }
    const messages = conversation.messages();
    expect(JSON.stringify(messages).length).toBeLessThan(5_000);
    expect(messages[0]?.role).toBe('system');
    expect(messages[0]?.content).toMatch(/shortened/);
    expect(messages.at(-1)?.content).toBe('Answer 199');
    expect(problemsOf(messages)).toEqual([]);
  });

  it('[L23] is a valid message list for the vendor after any interleaving of turns, replies, tools and interruptions', () => {
    fc.assert(
      fc.property(fc.array(actionArbitrary, { maxLength: 60 }), (actions) => {
        const conversation = new Conversation({ maxCharacters: 1_500, maxSummaryCharacters: 300 });
        const world = { reply: 0, call: 0, pending: [] as { reply: number; id: string }[] };
        for (const action of actions) {
          act(conversation, world, action);
          expect(problemsOf(conversation.messages())).toEqual([]);
          expect(problemsOf(conversation.messages('and then'))).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('[L7] never contains a word of an ended reply that was not heard', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(fc.constantFrom('alpha', 'beta', 'gamma', 'delta'), { minLength: 1, maxLength: 5 }),
          {
            minLength: 1,
            maxLength: 4,
          },
        ),
        fc.nat(),
        (pieces, cut) => {
          const conversation = new Conversation();
          conversation.addCallerTurn('Hi');
          const record = conversation.beginReply('r1');
          pieces.forEach((words, index) => {
            record.addText(`${words.join(' ')} `);
            record.addToolCalls([call(`c${index}`)]);
            record.setToolResult(`c${index}`, '{}');
          });
          const words = pieces.flat();
          const heard = words.slice(0, cut % (words.length + 1));
          conversation.endReply('r1', heard.join(' '), { interrupted: true });
          const said = conversation
            .messages()
            .filter(({ role }) => role === 'assistant')
            .map(({ content }) => content.replace(' [interrupted]', ''))
            .filter(Boolean)
            .join(' ');
          expect(said).toBe(heard.join(' '));
        },
      ),
    );
  });
});

type Action = { readonly type: string; readonly n: number; readonly words: string };

const actionArbitrary: fc.Arbitrary<Action> = fc.record({
  type: fc.constantFrom('caller', 'amend', 'begin', 'text', 'line', 'tools', 'result', 'end', 'note'),
  n: fc.nat(9),
  words: fc.constantFrom('yes', 'I see', 'Tuesday at ten', 'one moment', ''),
});

function act(
  conversation: Conversation,
  world: { reply: number; call: number; pending: { reply: number; id: string }[] },
  { type, n, words }: Action,
): void {
  const current = `r${world.reply}`;
  if (type === 'caller') conversation.addCallerTurn(words || 'hm');
  else if (type === 'amend') conversation.amendCallerTurn(`${words} more`);
  else if (type === 'begin') conversation.beginReply(`r${(world.reply += 1)}`);
  else if (type === 'text') conversation.beginReply(current).addText(words);
  else if (type === 'line') conversation.beginReply(current).addLine(words);
  else if (type === 'note') conversation.addNoteForNextTurn(`note ${n}`);
  else if (type === 'tools') {
    const ids = Array.from({ length: n % 3 }, () => `c${(world.call += 1)}`);
    conversation.beginReply(current).addToolCalls(ids.map((id) => call(id)));
    world.pending.push(...ids.map((id) => ({ reply: world.reply, id })));
  } else if (type === 'result') {
    const [done] = world.pending.splice(n % Math.max(1, world.pending.length), 1);
    if (done !== undefined) conversation.beginReply(`r${done.reply}`).setToolResult(done.id, `{"n":${n}}`);
  } else {
    conversation.endReply(current, words, { interrupted: n % 2 === 0 });
    world.reply += 1;
  }
}

/** What a vendor would refuse, or a model stumble over. */
function problemsOf(messages: readonly ModelMessage[]): string[] {
  const problems: string[] = [];
  messages.forEach((message, index) => {
    const before = messages[index - 1];
    if (message.role === 'user' && before?.role === 'user') problems.push(`${index}: two caller messages`);
    if (message.role === 'assistant' && message.content === '' && message.toolCalls === undefined)
      problems.push(`${index}: an empty message`);
    if (message.role === 'assistant' && before?.role === 'assistant' && before.toolCalls === undefined)
      problems.push(`${index}: two assistant messages`);
    if (message.role === 'assistant' && message.toolCalls !== undefined) {
      const answers = messages.slice(index + 1, index + 1 + message.toolCalls.length);
      const ids = answers.map((answer) => (answer.role === 'tool' ? answer.toolCallId : answer.role));
      if (ids.join() !== message.toolCalls.map(({ id }) => id).join())
        problems.push(`${index}: calls unanswered`);
    }
    if (message.role === 'tool') {
      const caller = messages.slice(0, index).findLast(({ role }) => role !== 'tool');
      const isAsked =
        caller?.role === 'assistant' && caller.toolCalls?.some(({ id }) => id === message.toolCallId);
      if (isAsked !== true) problems.push(`${index}: a result nobody asked for`);
    }
  });
  return problems;
}
