import { describe, expect, it } from 'vitest';
import { PhoneDesk, shopTools, type ToolSpec } from './phone-desk.ts';

/** The same shop with one tool that answers differently. */
function withTool(name: string, run: ToolSpec['run']): ToolSpec[] {
  return shopTools().map((tool) => (tool.name === name ? { ...tool, run } : tool));
}

describe('the simulated receptionist books', () => {
  it('asks for one thing at a time, proposes, books on a yes, and says goodbye', async () => {
    await using desk = await PhoneDesk.open();
    expect(await desk.say("Hi, I'd like to book a tune-up for my bike.")).toMatch(/what day/i);
    expect(await desk.say('On Tuesday, if possible.')).toBe(
      "On Tuesday I have ten o'clock, half past ten or two o'clock. Which would suit you?",
    );
    expect(await desk.say('Half past ten, please.')).toMatch(/your name/i);
    expect(await desk.say('My name is Sam Taylor.')).toBe(
      'That is a tune-up on Tuesday at half past ten. Shall I book it?',
    );
    expect(desk.toolNames()).not.toContain('book_appointment');
    expect(await desk.say('Yes, please.')).toMatch(
      /booked for a tune-up on Tuesday at half past ten\. Your reference is B, one zero, four two\./,
    );
    expect(desk.lastCall()).toEqual({
      name: 'book_appointment',
      arguments: {
        service: 'tune-up',
        startsAt: '2026-11-24T10:30',
        note: null,
        callerName: 'Sam Taylor',
        callerPhone: null,
      },
    });
    expect(await desk.say('No, thank you. Goodbye.')).toMatch(/goodbye/i);
    expect(desk.lastCall()!.name).toBe('end_call');
  });

  it('asks nothing that was said already', async () => {
    await using desk = await PhoneDesk.open();
    const said = await desk.say(
      'Hello, could I book a tune-up on Tuesday at two in the afternoon? My name is Maya Lindgren.',
    );
    expect(said).toBe("That is a tune-up on Tuesday at two o'clock. Shall I book it?");
  });

  it('takes the last word for what is meant', async () => {
    await using desk = await PhoneDesk.open();
    await desk.say("I'd like to book a tune-up on Tuesday at ten, my name is Jo Bloggs.");
    expect(await desk.say('Actually, make it two in the afternoon.')).toMatch(/two o'clock. Shall I/);
    await desk.say('Yes.');
    expect(desk.lastCall()!.arguments['startsAt']).toBe('2026-11-24T14:00');
  });

  it('offers what is free when the wish is not, and understands "the first one"', async () => {
    await using desk = await PhoneDesk.open();
    expect(await desk.say('Can I book a puncture repair on Tuesday at eleven? This is Jo Bloggs.')).toMatch(
      /Eleven o'clock isn't free.*ten o'clock, half past ten or two o'clock/,
    );
    expect(await desk.say('The first one then.')).toMatch(/Tuesday at ten o'clock. Shall I/);
  });

  it('proposes the next day that has anything, and takes a plain yes for it', async () => {
    await using desk = await PhoneDesk.open();
    const proposal = await desk.say('This is Lena Fischer. Can I book a puncture repair tomorrow at two?');
    expect(proposal).toMatch(
      /nothing free tomorrow. I do have Tuesday at two o'clock. Would that suit you\?$/,
    );
    expect(await desk.say('Yes.')).toMatch(/Tuesday at two o'clock. Shall I book it\?$/);
    await desk.say('Yes.');
    expect(desk.lastCall()!.arguments['startsAt']).toBe('2026-11-24T14:00');
  });

  it('looks for another time when the booking itself is refused', async () => {
    const reason =
      'Tuesday, November 24 at 10:00 AM is taken. Free nearby: Tuesday, November 24 at 10:30 AM (2026-11-24T10:30).';
    await using desk = await PhoneDesk.open(
      withTool('book_appointment', () => ({ status: 'refused', reason })),
    );
    await desk.say('Please book a tune-up on Tuesday at ten for me, my name is Jo Bloggs.');
    expect(await desk.say('Yes.')).toMatch(/isn't free, I'm sorry.*half past ten/);
    expect(desk.toolNames().filter((name) => name === 'book_appointment')).toHaveLength(1);
  });

  it('[F28] says that the system cannot be reached, and takes a message instead', async () => {
    const broken = () => ({ status: 'failed', note: 'The system cannot be reached just now.' });
    await using desk = await PhoneDesk.open(withTool('book_appointment', broken));
    await desk.say('Please book a tune-up on Tuesday at ten, my name is Jo Bloggs.');
    expect(await desk.say('Yes.')).toMatch(/can't reach our system just now. Shall I take a message/);
    expect(await desk.say('Yes, please.')).toMatch(/pass on/);
  });

  it('moves and cancels what it finds under the number', async () => {
    await using desk = await PhoneDesk.open();
    await desk.say('I need to move my appointment to Tuesday at half past ten.');
    await desk.say('Yes.');
    expect(desk.lastCall()).toEqual({
      name: 'move_appointment',
      arguments: { reference: 'B-1001', startsAt: '2026-11-24T10:30' },
    });
    expect(await desk.say('Or no, cancel my appointment please.')).toMatch(/Shall I cancel it/);
    expect(await desk.say('Yes, cancel it.')).toMatch(/is cancelled/);
    expect(desk.lastCall()).toEqual({ name: 'cancel_appointment', arguments: { reference: 'B-1001' } });
  });
});

describe('the simulated receptionist takes orders', () => {
  it('with every product and its number, after a yes', async () => {
    await using desk = await PhoneDesk.open();
    await desk.say("I'd like to order two inner tubes and a U-lock. My name is Sam Taylor.");
    expect(await desk.say('Yes, go ahead.')).toMatch(
      /order is placed. The reference is O, one zero, four three, and it comes to seventeen dollars/,
    );
    expect(desk.lastCall()!.arguments['items']).toEqual([
      { product: 'inner-tube', quantity: 2 },
      { product: 'u-lock', quantity: 1 },
    ]);
  });

  it('and says the status of an order', async () => {
    await using desk = await PhoneDesk.open();
    expect(await desk.say('Hi, where is my order?')).toBe(
      'Your order O, one zero, zero one for one light set is in preparation. It comes to thirty four dollars fifty. Is there anything else I can do for you?',
    );
    expect(await desk.say('Please cancel my order.')).toMatch(/Shall I cancel it/);
    await desk.say('Yes.');
    expect(desk.lastCall()).toEqual({ name: 'cancel_order', arguments: { reference: 'O-1001' } });
  });
});

describe('the simulated receptionist looks up', () => {
  it('by the reference what it does not find under the number', async () => {
    const find = ({ reference }: Record<string, unknown>) =>
      reference === 'O-1001'
        ? { order: { reference, status: 'ready', items: [], total: '$5.00' } }
        : { orders: [] };
    await using desk = await PhoneDesk.open(withTool('find_order', find));
    expect(await desk.say('What is the status of my order?')).toMatch(/can't find an order/);
    expect(await desk.say('It is O one oh oh one.')).toMatch(/Your order O, one zero, zero one is ready/);
  });
});

describe('the simulated receptionist writes down', () => {
  it('a ticket, with everything the caller said', async () => {
    await using desk = await PhoneDesk.open();
    await desk.say('My new brake squeaks and I have a problem with it.');
    await desk.say('It started on Monday after the rain.');
    expect(await desk.say('Yes please.')).toMatch(/opened a ticket.*T, one zero, four four/);
    expect(desk.lastCall()!.arguments).toMatchObject({
      subject: 'My new brake squeaks',
      description: expect.stringContaining('after the rain'),
      priority: null,
    });
  });

  it('a message, with the name of who left it', async () => {
    await using desk = await PhoneDesk.open();
    await desk.say('Can I leave a message for Sam?');
    await desk.say('Please call me about the blue bike.');
    expect(await desk.say('Jo Bloggs.')).toMatch(/^I'll pass that on: call me about the blue bike\./);
    expect(desk.lastCall()!.arguments).toMatchObject({
      message: expect.stringContaining('blue bike'),
      callerName: 'Jo Bloggs',
    });
  });
});

describe('the simulated receptionist talks', () => {
  it('about opening hours and the rest of its instructions, without tools', async () => {
    await using desk = await PhoneDesk.open();
    expect(await desk.say('When are you open on Saturday?')).toMatch(/Saturday ten to four/);
    expect(await desk.say('Do you service electric bicycles?')).toMatch(/does not open batteries/);
    expect(desk.calls).toEqual([]);
  });

  it('about prices from the lists', async () => {
    await using desk = await PhoneDesk.open();
    expect(await desk.say('How much is a tune-up?')).toMatch(/costs eighty five dollars and takes an hour/);
  });

  it('about what has to be looked up, and says so when nothing is found', async () => {
    const lookUp: ToolSpec = {
      name: 'search_knowledge',
      properties: { question: { type: 'string' } },
      run: ({ question }) =>
        /warranty/.test(String(question))
          ? { status: 'found', passages: [{ from: 'Warranty', text: 'Two years. On frames. Not on tyres.' }] }
          : { status: 'nothing-found' },
    };
    await using desk = await PhoneDesk.open([...shopTools(), lookUp]);
    expect(await desk.say('How long is the warranty?')).toMatch(/^Two years\. On frames\. Is there anything/);
    expect(desk.lastCall()).toEqual({
      name: 'search_knowledge',
      arguments: { question: 'How long is the warranty?' },
    });
    expect(await desk.say('Are dogs allowed?')).toMatch(/can't tell you that.*take a message\?/);
  });

  it('and goes on with the matter after a question beside it', async () => {
    await using desk = await PhoneDesk.open();
    await desk.say("I'd like to book a tune-up.");
    expect(await desk.say('When are you open?')).toMatch(
      /Monday to Friday nine to six.*What day would suit you\?/,
    );
  });

  it('and puts the caller through, with a sentence in the same answer', async () => {
    await using desk = await PhoneDesk.open();
    expect(await desk.say('Can I speak to a person, please?')).toMatch(/put you through/);
    expect(desk.lastCall()).toEqual({ name: 'transfer_call', arguments: { targetId: 'workshop' } });
  });

  it('and keeps to what it has: without tools it offers none', async () => {
    await using desk = await PhoneDesk.open([]);
    expect(await desk.say("I'd like to book a tune-up.")).toMatch(/can't book that from here/);
    expect(await desk.say('Okay, goodbye then.')).toMatch(/goodbye/i);
  });
});

describe('the simulated receptionist, interrupted,', () => {
  it('answers the new words and does not start over', async () => {
    await using desk = await PhoneDesk.open();
    await desk.say("I'd like to book a tune-up on Tuesday, my name is Jo Bloggs.");
    desk.interruptAfter("On Tuesday I have ten o'clock,");
    expect(await desk.say('Ten is fine.')).toMatch(
      /^That is a tune-up on Tuesday at ten o'clock. Shall I book it\?$/,
    );
  });

  it('waits when asked to, and never says its own marker', async () => {
    await using desk = await PhoneDesk.open();
    await desk.say("I'd like to book a tune-up.");
    desk.interruptAfter('What');
    expect(await desk.say('Wait a moment.')).toBe('Of course, take your time.');
    const next = await desk.say('Okay, on Tuesday.');
    expect(next).toMatch(/On Tuesday I have/);
    expect(next).not.toContain('interrupted');
  });

  it('[L23] does not book again when the outcome was not heard, but repeats the outcome', async () => {
    await using desk = await PhoneDesk.open();
    await desk.say('Please book a tune-up on Tuesday at ten, my name is Jo Bloggs.');
    await desk.say('Yes.');
    desk.interruptAfter("You're booked");
    expect(await desk.say('Sorry, what was that?')).toMatch(/Your reference is B, one zero, four two/);
    expect(desk.toolNames().filter((name) => name === 'book_appointment')).toHaveLength(1);
  });

  it('brings up a reference that was cut off, when the caller asks for something else', async () => {
    await using desk = await PhoneDesk.open();
    await desk.say('Please book a tune-up on Tuesday at ten, my name is Jo Bloggs.');
    await desk.say('Yes.');
    desk.interruptAfter("You're booked");
    expect(await desk.say('And where is my order?')).toMatch(
      /in preparation.*your earlier reference is B, one zero, four two/,
    );
  });

  it('goes on after a mere sound of listening', async () => {
    await using desk = await PhoneDesk.open();
    const whole = await desk.say('When are you open?');
    desk.interruptAfter(whole.slice(0, 20).trimEnd());
    expect(await desk.say('Mm-hmm.')).toBe(whole.slice(20).trimStart());
  });

  it('[F5] goes on where a reply broke off', async () => {
    await using desk = await PhoneDesk.open();
    const whole = await desk.say("I'd like to book a tune-up on Tuesday.");
    desk.messages[desk.messages.length - 1] = { role: 'assistant', content: whole.slice(0, 17) };
    desk.messages.push({ role: 'system', content: 'Go on.' });
    expect(await desk.continueReply()).toBe(whole.slice(17).trimStart());
  });
});
