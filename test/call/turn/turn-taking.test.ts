import { describe, expect, it } from 'vitest';
import { mediaMs } from '../../../src/call/clocks.ts';
import { nextDeadlineMs } from '../../../src/call/turn/turn-taking.ts';
import { TurnScript } from './turn-script.ts';

const longReply = 'We are open from nine to five on weekdays, and on Saturdays until noon, except in August.';
const question = 'I have two free slots that day. Would nine o’clock suit you?';

/** The caller has asked, and the agent is in the middle of its answer. */
function inMidReply(text = longReply, settings: ConstructorParameters<typeof TurnScript>[0] = {}) {
  const script = TurnScript.afterGreeting(settings).says('when are you open');
  const replyId = script.reply('answer', text);
  script.wait(1_500).decided();
  return { script, replyId };
}

/** The caller has asked, and nothing is heard of the answer yet. */
function waitingForReply(text = 'when are you open') {
  const script = TurnScript.afterGreeting().says(text);
  const replyId = script.start();
  script.wait(300).decided();
  return { script, replyId };
}

const eager = (script: TurnScript, text: string) => script.feed({ type: 'turn-ended-eager', text });

const press = (script: TurnScript, keys: string) => {
  for (const digit of keys) script.feed({ type: 'digit', digit }).wait(300);
  return script;
};

/** Says what the machine asks for, the way the session would. */
const sayNext = (script: TurnScript) => {
  const replyId = script.reply('reprompt', 'Are you still there?');
  script.wait(1_500).finish(replyId);
};

describe('the greeting', () => {
  it('[T1] greets when the stream opens, and only then', () => {
    const script = new TurnScript();
    script.feed({ type: 'speech-started' }).says('hello');
    expect(script.decided()).toEqual([]);
    script.feed({ type: 'stream-opened' });
    expect(script.decided()).toEqual(['greet']);
    script.feed({ type: 'stream-opened' });
    expect(script.decided()).toEqual([]);
  });

  it('[T2] [T14] does not pause for a voice in the first second of the greeting, and does after it', () => {
    const script = new TurnScript().feed({ type: 'stream-opened' });
    script.reply('greeting', longReply);
    script.wait(500).feed({ type: 'speech-started' });
    expect(script.decided()).toEqual(['greet']);
    script.wait(500);
    expect(script.decided()).toEqual(['pause']);
  });
});

describe('the turn of the caller', () => {
  it('[T3] commits an ended turn once, with its words, and expects an answer', () => {
    const script = TurnScript.afterGreeting();
    const words = [{ text: 'hi', startMs: mediaMs(10), endMs: mediaMs(200) }];
    script.feed({ type: 'turn-started', text: 'hi' });
    script.feed({ type: 'turn-ended', text: 'Hi there, I need a cake.', words });
    expect(script.decisions).toEqual([
      {
        type: 'commit-turn',
        text: 'Hi there, I need a cake.',
        words,
        source: 'speech',
        useSpeculation: false,
        amendsTurn: false,
      },
    ]);
  });

  it('[T4] ignores a turn that ends without words', () => {
    const script = TurnScript.afterGreeting().ends(' … ');
    expect(script.decided()).toEqual(['ignore empty']);
  });

  it.each(['yes', 'Okay.', 'um', 'hello?'])('[T5] answers "%s" while the agent is silent', (text) => {
    const script = TurnScript.afterGreeting().says(text);
    expect(script.decided()).toEqual([`commit "${text}"`]);
  });

  it('[T6] asks again for an answer that was stopped by words that came to nothing', () => {
    const { script } = waitingForReply();
    script.feed({ type: 'turn-started', text: 'and' });
    expect(script.decided()).toEqual(['interrupt turn-continued']);
    script.ends('');
    expect(script.decided()).toEqual(['ignore empty', 'commit "when are you open" amends']);
  });
});

describe('speculation', () => {
  it('[T7] [T9] prepares a reply at an eager end of turn, and the commit uses it', () => {
    const script = TurnScript.afterGreeting();
    eager(script.hears('I need'), 'I need a cake');
    script.ends('I need a cake.');
    expect(script.decided()).toEqual(['speculate "I need a cake"', 'commit "I need a cake." held']);
  });

  it('[T8] drops it when the caller resumes, and prepares another at the next eager end', () => {
    const script = TurnScript.afterGreeting();
    eager(script, 'I need a cake').feed({ type: 'turn-resumed' });
    eager(script, 'I need a cake for two').ends('I need a cake for two');
    expect(script.decided()).toEqual([
      'speculate "I need a cake"',
      'discard',
      'speculate "I need a cake for two"',
      'commit "I need a cake for two" held',
    ]);
  });

  it('[T8] keeps it when the same words come again with other punctuation', () => {
    const script = TurnScript.afterGreeting();
    eager(script, 'I need a cake').hears('I need a cake,');
    eager(script, 'I need a CAKE!');
    expect(script.decided()).toEqual(['speculate "I need a cake"']);
  });

  it('[T8] drops it when other words follow, even without a word of resuming', () => {
    const script = TurnScript.afterGreeting();
    eager(script, 'I need a cake').hears('I need a cake and');
    expect(script.decided()).toEqual(['speculate "I need a cake"', 'discard']);
  });

  it('[T9] drops it before committing other words', () => {
    const script = TurnScript.afterGreeting();
    eager(script, 'I need a cake').ends('I need a cake tomorrow');
    expect(script.decided().slice(1)).toEqual(['discard', 'commit "I need a cake tomorrow"']);
  });

  it('[T7] [L6] speculates no more than the configured number of times in a turn', () => {
    const script = TurnScript.afterGreeting({ maxSpeculations: 2 });
    for (let i = 1; i <= 5; i += 1) eager(script, 'more '.repeat(i).trim()).feed({ type: 'turn-resumed' });
    expect(script.decided().filter((line) => line.startsWith('speculate'))).toHaveLength(2);
  });

  it('[T7] [L6] does not speculate beside a running tool', () => {
    const script = TurnScript.afterGreeting().says('book a table');
    const replyId = script.start();
    script.feed({ type: 'tool-started' }).finish(replyId).decided();
    eager(script, 'for two people');
    expect(script.decided()).toEqual([]);
  });

  it('[T7] does not speculate on a backchannel while the agent speaks, nor on the second half of a turn', () => {
    const { script } = inMidReply();
    eager(script, 'uh huh');
    expect(script.decided()).toEqual([]);
    const { script: continued } = waitingForReply();
    eager(continued, 'on Sundays I mean');
    expect(continued.decided()).toEqual(['interrupt turn-continued']);
  });
});

describe('a turn that goes on after its end', () => {
  it('[T10] stops the answer that was not heard, and commits both parts as one turn', () => {
    const { script } = waitingForReply('I would like to book');
    script.feed({ type: 'turn-started', text: 'on Tuesday' });
    expect(script.decided()).toEqual(['interrupt turn-continued']);
    script.ends('on Tuesday at nine');
    expect(script.decided()).toEqual(['commit "I would like to book on Tuesday at nine" amends']);
  });

  it('[T10] keeps the words of both parts, in order', () => {
    const script = TurnScript.afterGreeting();
    script.feed({ type: 'turn-ended', text: 'I need', words: [{ text: 'I' }, { text: 'need' }] }).wait(2_000);
    script.feed({ type: 'turn-started', text: 'a cake' });
    script.feed({ type: 'turn-ended', text: 'a cake', words: [{ text: 'a' }, { text: 'cake' }] });
    const commit = script.decisions.at(-1);
    expect(commit).toMatchObject({ text: 'I need a cake', amendsTurn: true });
    expect(commit?.type === 'commit-turn' && commit.words.map((word) => word.text)).toEqual([
      'I',
      'need',
      'a',
      'cake',
    ]);
  });

  it('[T10] leaves a turn alone on which a tool has acted: the new words are the next turn', () => {
    const { script } = waitingForReply('book Tuesday at nine');
    script.feed({ type: 'tool-started' }).feed({ type: 'tool-ended' });
    script.says('no make it ten');
    expect(script.decided()).toEqual(['interrupt turn-continued', 'commit "no make it ten"']);
  });

  it('[T11] [L24] takes a repeated final for what it is', () => {
    const { script } = waitingForReply('a table for two');
    script.ends('A table for two.');
    script.ends('for two');
    expect(script.decided()).toEqual([]);
  });

  it('[T11] [L24] restarts an unheard answer when a late final really adds words', () => {
    const { script } = waitingForReply('a table');
    script.ends('a table for two');
    expect(script.decided()).toEqual(['interrupt turn-continued', 'commit "a table for two" amends']);
  });

  it('[T11] [L24] only corrects the record when the answer is audible, whatever the late final says', () => {
    const { script, replyId } = waitingForReply('a table');
    script.feed({ type: 'reply-audible', replyId }).wait(500);
    script.ends('for two');
    expect(script.decided()).toEqual(['amend "a table for two"']);
  });

  it('[T11] does not restart for a late "um"', () => {
    const { script } = waitingForReply('a table');
    script.ends('um');
    expect(script.decided()).toEqual(['amend "a table um"']);
  });

  it('[T11] takes new words without a turn of their own, long after, for a new turn', () => {
    const { script, replyId } = waitingForReply('a table');
    script.feed({ type: 'reply-audible', replyId }).finish(replyId).wait(3_000).decided();
    script.ends('and two chairs');
    expect(script.decided()).toEqual(['commit "and two chairs"']);
  });

  it('[T12] ends a turn of which nothing more is heard, after the recogniser’s own ceiling', () => {
    const script = TurnScript.afterGreeting({ endOfTurnTimeoutMs: 5_000 });
    script.hears('my name is').wait(5_900);
    expect(script.decided()).toEqual([]);
    script.wait(100);
    expect(script.decided()).toEqual(['commit "my name is"']);
    const quick = TurnScript.afterGreeting({ endOfTurnTimeoutMs: 1_000 });
    quick.hears('my name is').wait(5_000);
    expect(quick.decided()).toEqual(['commit "my name is"']);
  });
});

describe('speaking over the agent', () => {
  it('[T13] [F32] pauses at once for a voice, and cuts the reply when words come', () => {
    const { script } = inMidReply();
    script.feed({ type: 'speech-started' });
    expect(script.decided()).toEqual(['pause']);
    script.wait(300).feed({ type: 'turn-started', text: 'actually I' });
    expect(script.decided()).toEqual(['interrupt barge-in']);
    script.ends('actually I need something else');
    expect(script.decided()).toEqual(['commit "actually I need something else"']);
  });

  it('[T13] [L8] resumes when no words come within the time', () => {
    const { script } = inMidReply();
    script.feed({ type: 'speech-started' }).wait(200).feed({ type: 'speech-ended' }).decided();
    script.wait(1_299);
    expect(script.decided()).toEqual([]);
    script.wait(1);
    expect(script.decided()).toEqual(['resume']);
  });

  it('[T13] waits for more after words that decide nothing, but not indefinitely', () => {
    const { script } = inMidReply();
    script.feed({ type: 'speech-started' }).decided();
    for (let i = 0; i < 5; i += 1) script.wait(500).hears('uh huh');
    expect(script.decided()).toEqual([]);
    script.wait(500);
    expect(script.decided()).toEqual(['resume']);
  });

  it('[T13] pauses a reply that begins while the caller is already speaking again', () => {
    const { script, replyId } = waitingForReply();
    script.wait(500).feed({ type: 'speech-started' }).wait(100).feed({ type: 'reply-audible', replyId });
    expect(script.decided()).toEqual(['pause']);
  });

  it('[T13] does not take the end of the caller’s own turn for speech over a quick reply', () => {
    const script = TurnScript.afterGreeting()
      .feed({ type: 'speech-started' })
      .wait(800)
      .says('when are you open');
    const replyId = script.start();
    script.decided();
    script.wait(20).feed({ type: 'reply-audible', replyId });
    expect(script.decided()).toEqual([]);
  });

  it.each(['Tuesday', 'no', 'but I', 'thank you but no', 'hello?'])(
    '[T15] cuts the reply for "%s", also without a voice before it',
    (text) => {
      const { script } = inMidReply();
      script.says(text);
      expect(script.decided()).toEqual(['interrupt barge-in', `commit "${text}"`]);
    },
  );

  it.each(['mhm', 'thank you', 'Okay, great, thanks!', 'yes', 'I see', 'thank you, bye'])(
    '[T17] [L9] ignores "%s" in mid-sentence and goes on at once',
    (text) => {
      const { script } = inMidReply();
      script.feed({ type: 'speech-started' }).wait(400).says(text);
      expect(script.decided()).toEqual(['pause', 'ignore backchannel', 'resume']);
    },
  );

  it.each([
    ['es-ES', 'ajá', 'espera'],
    ['de-DE', 'mhm, genau', 'warten Sie'],
    ['fr-FR', 'd’accord', 'attendez'],
    ['pt-BR', 'tá bom', 'peraí'],
    ['ar-EG', 'تمام', 'لحظة'],
    ['xx', 'okay', 'stop'],
  ])('[T17] [T18] knows the small words of %s', (language, backchannel, command) => {
    const script = TurnScript.afterGreeting({}, language).says('hm 1 2 3');
    script.reply('answer', longReply);
    script.wait(1_500).decided();
    script.says(backchannel);
    expect(script.decided()).toEqual(['ignore backchannel']);
    script.ends(command);
    expect(script.decided()).toEqual(['interrupt command', `commit "${command}"`]);
  });

  it('[T15] waits for the next word where the first may begin a backchannel', () => {
    const { script } = inMidReply();
    script.hears('thank');
    expect(script.decided()).toEqual([]);
    script.hears('thank goodness');
    expect(script.decided()).toEqual(['interrupt barge-in']);
  });

  it('[T17] [L9] takes the same "yes" for an answer at the end of a question', () => {
    const { script } = inMidReply(question);
    script.wait(1_500);
    script.feed({ type: 'speech-started' }).wait(300).says('yes');
    expect(script.decided()).toEqual(['pause', 'interrupt barge-in', 'commit "yes"']);
  });

  it('[T17] but not at the beginning of a long reply that ends in a question', () => {
    const { script } = inMidReply(`${longReply} ${longReply} ${question}`);
    script.says('yes');
    expect(script.decided()).toEqual(['ignore backchannel']);
  });

  it.each(['wait', 'no wait', 'hold on a second', 'stop it please'])(
    '[T18] [L9] cuts the reply for the command "%s"',
    (text) => {
      const { script } = inMidReply();
      script.ends(text);
      expect(script.decided()).toEqual(['interrupt command', `commit "${text}"`]);
    },
  );

  it('[T18] takes a command word in a longer text for part of the matter', () => {
    const { script } = inMidReply();
    script.ends('is it near the bus stop');
    expect(script.decided()[0]).toBe('interrupt barge-in');
  });

  it('[T19] [F32] stops pausing for a noise after three pauses that came to nothing, yet hears words', () => {
    const { script } = inMidReply(longReply.repeat(10));
    for (let i = 0; i < 6; i += 1) {
      script.feed({ type: 'speech-started' }).wait(1_600).feed({ type: 'speech-ended' }).wait(200);
    }
    expect(script.decided().filter((line) => line === 'pause')).toHaveLength(3);
    script.hears('Tuesday');
    expect(script.decided()).toEqual(['interrupt barge-in']);
  });

  it('[T20] does not resume what was cut', () => {
    const { script } = inMidReply();
    script.feed({ type: 'speech-started' }).hears('actually no').wait(4_000);
    expect(script.decided()).toEqual(['pause', 'interrupt barge-in']);
  });

  it.each(['hello?', 'Hello? Are you there?', 'can you hear me', 'okay', 'hello hello'])(
    '[T21] [L4] does not let "%s" restart an answer that is being prepared',
    (text) => {
      const { script } = waitingForReply();
      script.says(text);
      expect(script.decided()).toEqual(['ignore backchannel']);
    },
  );

  it('[T22] ignores events of a reply that is no longer the current one', () => {
    const { script, replyId } = inMidReply();
    script.says('actually something else');
    const next = script.start();
    script.decided();
    script.finish(replyId).feed({ type: 'reply-failed', replyId }).feed({ type: 'reply-audible', replyId });
    expect(script.decided()).toEqual([]);
    expect(script.state.reply).toMatchObject({ phase: 'preparing', replyId: next });
  });
});

describe('echo', () => {
  it('[T16] [F32] ignores the agent’s own words and goes on', () => {
    const { script } = inMidReply();
    script.feed({ type: 'speech-started' }).wait(300);
    script.hears('from nine to five').ends('from nine to five on week days');
    expect(script.decided()).toEqual(['pause', 'ignore echo', 'resume']);
  });

  it('[T16] [F32] does not interrupt itself by the first words of its own reply', () => {
    const script = TurnScript.afterGreeting().says('when are you open');
    script.reply('answer', longReply);
    script.decided();
    script.wait(450).feed({ type: 'speech-started' }).wait(200).says('we are open');
    expect(script.decided()).toEqual(['pause', 'ignore echo', 'resume']);
  });

  it('[T16] hears a caller who picks one of the options just offered', () => {
    const { script } = inMidReply('I can offer Tuesday at three or Wednesday at four or else Friday at ten.');
    script.says('Tuesday at three');
    expect(script.decided()).toEqual(['interrupt barge-in', 'commit "Tuesday at three"']);
  });

  it('[T16] knows the echo of the last words, just after them, and not later', () => {
    const { script, replyId } = inMidReply();
    script.feed({ type: 'turn-started', text: 'until noon except in' });
    script.finish(replyId).wait(300).ends('until noon except in August');
    expect(script.decided()).toEqual(['ignore echo']);
    script.wait(2_000).says('until noon except in August');
    expect(script.decided()).toEqual(['commit "until noon except in August"']);
  });
});

describe('protected speech', () => {
  it('[T14] holds real words over the first second of the greeting, then answers them', () => {
    const script = new TurnScript().feed({ type: 'stream-opened' });
    script.reply('greeting', longReply);
    script.wait(400).says('I need a cake').decided();
    script.wait(600);
    expect(script.decided()).toEqual(['interrupt barge-in', 'commit "I need a cake"']);
  });

  it('[T14] lets a "hello?" over the greeting pass', () => {
    const script = new TurnScript().feed({ type: 'stream-opened' });
    script.reply('greeting', longReply);
    script.wait(400).says('hello?');
    expect(script.decided()).toEqual(['greet', 'ignore protected']);
  });

  it('[T14] does not let words cut a reply that must not be interrupted, and answers them after it', () => {
    const { script, replyId } = inMidReply(longReply, { interruptible: false });
    script.feed({ type: 'speech-started' }).wait(300).says('but I want a cake').wait(1_000).says('for two');
    expect(script.decided()).toEqual([]);
    script.finish(replyId);
    expect(script.decided()).toEqual(['commit "but I want a cake for two"']);
  });

  it('[T14] lets a command word and a key through even so', () => {
    const spoken = inMidReply(longReply, { interruptible: false });
    spoken.script.hears('stop');
    expect(spoken.script.decided()).toEqual(['interrupt command']);
    const pressed = inMidReply(longReply, { interruptible: false });
    pressed.script.feed({ type: 'digit', digit: '1' });
    expect(pressed.script.decided()).toEqual(['interrupt digit']);
  });
});

describe('tools', () => {
  it('[T23] [T24] [L23] holds words while a tool runs, and answers them when it has ended', () => {
    const { script } = waitingForReply('book Tuesday at nine');
    script.feed({ type: 'tool-started' }).wait(500).says('actually make it ten');
    expect(script.decided()).toEqual([]);
    script.wait(1_000).feed({ type: 'tool-ended' });
    expect(script.decided()).toEqual(['interrupt turn-continued', 'commit "actually make it ten"']);
  });

  it('[T23] lets a waiting line go on after it was spoken over', () => {
    const { script, replyId } = waitingForReply('book Tuesday at nine');
    script.feed({ type: 'tool-started' });
    script.feed({ type: 'reply-text', replyId, text: 'One moment please, I am looking.' });
    script.feed({ type: 'reply-audible', replyId }).wait(600);
    script.feed({ type: 'speech-started' }).wait(300).says('actually make it ten');
    expect(script.decided()).toEqual(['pause', 'resume']);
    script.feed({ type: 'tool-ended' });
    expect(script.decided()).toEqual(['interrupt barge-in', 'commit "actually make it ten"']);
  });

  it('[T23] silences a waiting line for a command word; the turn waits for the tool', () => {
    const { script, replyId } = waitingForReply('book Tuesday at nine');
    script.feed({ type: 'tool-started' }).feed({ type: 'reply-audible', replyId }).says('hold on');
    expect(script.decided()).toEqual(['interrupt command']);
    script.feed({ type: 'tool-ended' });
    expect(script.decided()).toEqual(['commit "hold on"']);
  });

  it('[T31] waits six seconds for the tool of a reply that was cut', () => {
    const { script, replyId } = waitingForReply('book Tuesday at nine');
    script.feed({ type: 'tool-started' }).feed({ type: 'reply-audible', replyId }).says('hold on').decided();
    script.wait(6_000);
    expect(script.decided()).toEqual(['commit "hold on"']);
  });
});

describe('keys', () => {
  it('[T25] collects keys until #, and cuts the agent with the first', () => {
    const { script } = inMidReply();
    press(script, '4711#');
    expect(script.decided()).toEqual(['interrupt digit', 'commit "4711" digits']);
  });

  it('[T25] commits after a pause of two seconds', () => {
    const script = press(TurnScript.afterGreeting(), '12');
    script.wait(1_699);
    expect(script.decided()).toEqual([]);
    script.wait(1);
    expect(script.decided()).toEqual(['commit "12" digits']);
  });

  it('[T25] takes a lone # for an answer', () => {
    expect(press(TurnScript.afterGreeting(), '#').decided()).toEqual(['commit "#" digits']);
  });

  it('[T25] lets keys wait for a running tool', () => {
    const { script } = waitingForReply('look up my order');
    press(script.feed({ type: 'tool-started' }), '12').wait(3_000);
    expect(script.decided()).toEqual([]);
    script.feed({ type: 'tool-ended' });
    expect(script.decided()).toEqual(['interrupt digit', 'commit "12" digits']);
  });

  it('[T25] [T24] takes held words along with the keys that follow them', () => {
    const { script } = waitingForReply('look up my order');
    press(script.feed({ type: 'tool-started' }).says('the number is'), '12').feed({ type: 'tool-ended' });
    script.wait(3_000);
    expect(script.decided()).toEqual(['interrupt digit', 'commit "the number is 12" digits']);
  });

  it('[T25] keeps no more than 64', () => {
    const script = press(TurnScript.afterGreeting(), '1'.repeat(100)).wait(2_000);
    expect(script.decided()).toEqual([`commit "${'1'.repeat(64)}" digits`]);
  });
});

describe('silence', () => {
  it('[T26] asks twice whether anybody is there, then says goodbye', () => {
    const script = TurnScript.afterGreeting();
    script.wait(6_999);
    expect(script.decided()).toEqual([]);
    script.wait(1);
    expect(script.decided()).toEqual(['say reprompt 1']);
    sayNext(script);
    script.wait(8_000);
    expect(script.decided()).toEqual(['say reprompt 2']);
    sayNext(script);
    script.wait(8_000);
    expect(script.decided()).toEqual(['goodbye silence']);
  });

  it('[T26] begins to count afresh after the caller’s words', () => {
    const script = TurnScript.afterGreeting().wait(7_000);
    sayNext(script);
    script.says('yes I am here');
    script.finish(script.reply('answer', 'Good.'));
    script.wait(8_000);
    expect(script.decided()).toEqual(['say reprompt 1', 'commit "yes I am here"', 'say reprompt 1']);
  });

  it('[T26] does not ask while a tool runs', () => {
    const { script, replyId } = waitingForReply('look it up');
    script
      .feed({ type: 'tool-started' })
      .feed({ type: 'reply-audible', replyId })
      .finish(replyId)
      .wait(12_000);
    expect(script.decided()).toEqual([]);
  });

  it('[T26] is held up by a voice without words, but not indefinitely', () => {
    const script = TurnScript.afterGreeting().feed({ type: 'speech-started' }).wait(17_000);
    expect(script.decided()).toEqual([]);
    script.wait(1_000);
    expect(script.decided()).toEqual(['say reprompt 1']);
  });

  it('[T27] [F1] asks to repeat lost speech, but not twice in a row', () => {
    const script = TurnScript.afterGreeting().hears('I wou').feed({ type: 'speech-lost' });
    expect(script.decided()).toEqual(['say repeat-request 1']);
    script.finish(script.reply('repeat-request', 'Sorry, could you repeat that?'));
    script.hears('I would like a cake').feed({ type: 'speech-lost' });
    expect(script.decided()).toEqual(['commit "I would like a cake"']);
  });

  it('[T27] [F1] does not ask while a reply is outstanding, and lets a paused one go on', () => {
    const { script } = inMidReply();
    script.feed({ type: 'speech-started' }).feed({ type: 'speech-lost' });
    expect(script.decided()).toEqual(['pause', 'resume']);
  });
});

describe('the length of a call', () => {
  const limits = { maxCallMs: 60_000, wrapUpMs: 20_000, repromptAfterMs: 60_000 };

  it('[T28] [T29] says so before the end, and goodbye at the end', () => {
    const script = TurnScript.afterGreeting(limits).wait(36_999);
    expect(script.decided()).toEqual([]);
    script.wait(1);
    expect(script.decided()).toEqual(['say wrap-up 1']);
    script.finish(script.reply('wrap-up', 'We have little time left.')).wait(20_000);
    expect(script.decided()).toEqual(['goodbye max-duration']);
  });

  it('[T28] waits with the wrap-up line until the floor is free', () => {
    const { script, replyId } = inMidReply(longReply.repeat(5), limits);
    script.wait(37_000);
    expect(script.decided()).toEqual([]);
    script.finish(replyId);
    expect(script.decided()).toEqual(['say wrap-up 1']);
  });

  it('[T29] [F30] lets the sentence in progress end', () => {
    const { script, replyId } = inMidReply(longReply.repeat(10), limits);
    script.wait(57_000);
    expect(script.decided()).toEqual([]);
    script.finish(replyId);
    expect(script.decided()).toEqual(['goodbye max-duration']);
  });

  it('[T29] but waits for five seconds at most', () => {
    const { script } = inMidReply(longReply.repeat(10), limits);
    script.wait(60_400);
    expect(script.decided()).toEqual([]);
    script.wait(200);
    expect(script.decided()).toEqual(['interrupt time-limit', 'goodbye max-duration']);
  });

  it('[T29] answers no turn any more that ends after the limit', () => {
    const script = TurnScript.afterGreeting({ ...limits, wrapUpMs: 5_000 })
      .wait(56_500)
      .hears('and one');
    script.wait(1_000).hears('and one more').ends('and one more thing');
    expect(script.decided().slice(-2)).toEqual(['ignore ending', 'goodbye max-duration']);
  });
});

describe('liveness', () => {
  it('[T30] [L10] apologises when a turn brings no sound within eight seconds', () => {
    const script = TurnScript.afterGreeting().says('when are you open').wait(100);
    const replyId = script.start();
    script.wait(7_000).feed({ type: 'reply-text', replyId, text: 'We are' });
    script.decided();
    script.wait(899);
    expect(script.decided()).toEqual([]);
    script.wait(1);
    expect(script.decided()).toEqual(['interrupt stalled', 'say apology 1']);
  });

  it('[T30] [L10] apologises also when the session never began the reply', () => {
    const script = TurnScript.afterGreeting().says('when are you open').wait(8_000);
    expect(script.decided()).toEqual(['commit "when are you open"', 'interrupt stalled', 'say apology 1']);
  });

  it('[T31] waits longer for a running tool, and starts afresh when it has ended', () => {
    const { script } = waitingForReply('look it up');
    script.feed({ type: 'tool-started' }).wait(15_000).feed({ type: 'tool-ended' }).wait(7_999);
    expect(script.decided()).toEqual([]);
    script.wait(1);
    expect(script.decided()).toEqual(['interrupt stalled', 'say apology 1']);
  });

  it('[T31] but not indefinitely, however many tools follow one another', () => {
    const { script } = waitingForReply('look it up');
    for (let i = 0; i < 10; i += 1) {
      script.feed({ type: 'tool-started' }).wait(2_900).feed({ type: 'tool-ended' }).wait(50);
    }
    script.feed({ type: 'tool-started' }).wait(1_000);
    expect(script.decided()).toEqual(['interrupt stalled', 'say apology 1']);
  });

  it('[T32] [L10] apologises for an agent that is speaking without sound', () => {
    const { script } = inMidReply('Short.');
    script.wait(8_000);
    expect(script.decided()).toEqual(['interrupt stalled', 'say apology 1']);
  });

  it('[T32] gives a long reply the time to be spoken', () => {
    const { script } = inMidReply(longReply.repeat(4));
    script.wait(40_000);
    expect(script.decided()).toEqual([]);
  });

  it('[T33] apologises at once for an answer that failed, twice in a row at most', () => {
    const { script, replyId } = waitingForReply();
    script.feed({ type: 'reply-failed', replyId });
    expect(script.decided()).toEqual(['say apology 1']);
    script.feed({ type: 'reply-failed', replyId: script.start('apology') });
    expect(script.decided()).toEqual(['say apology 2']);
    script.feed({ type: 'reply-failed', replyId: script.start('apology') });
    expect(script.decided()).toEqual([]);
    script.wait(8_000);
    expect(script.decided()).toEqual(['say reprompt 1']);
  });

  it('[T33] apologises for an answer that ended without a sound, unless something follows', () => {
    const mute = waitingForReply();
    mute.script.finish(mute.replyId).wait(1_000);
    expect(mute.script.decided()).toEqual(['say apology 1']);
    const moved = waitingForReply('give me a person');
    moved.script.finish(moved.replyId).feed({ type: 'transfer-started' }).wait(5_000);
    expect(moved.script.decided()).toEqual([]);
  });
});

describe('transfer and end', () => {
  it('[T34] [F33] decides nothing while the caller is being transferred', () => {
    const { script } = inMidReply();
    script.feed({ type: 'transfer-started' }).feed({ type: 'speech-started' }).says('wait stop').wait(60_000);
    script.feed({ type: 'digit', digit: '1' }).feed({ type: 'speech-lost' });
    expect(script.decided()).toEqual([]);
    expect(nextDeadlineMs(script.state)).toBeUndefined();
  });

  it('[T34] [F33] goes on when nobody answered', () => {
    const { script } = inMidReply();
    script.feed({ type: 'transfer-started' }).wait(20_000).feed({ type: 'transfer-failed' });
    script.says('then take a message');
    expect(script.decided()).toEqual(['commit "then take a message"']);
  });

  it('[T34] lets a paused line go on before the transfer', () => {
    const { script } = inMidReply();
    script.feed({ type: 'speech-started' }).feed({ type: 'transfer-started' });
    expect(script.decided()).toEqual(['pause', 'resume']);
  });

  it('[T35] answers nothing after the goodbye', () => {
    const { script } = inMidReply();
    script.feed({ type: 'ending' }).feed({ type: 'speech-started' }).says('one more thing').wait(60_000);
    script.feed({ type: 'digit', digit: '1' });
    expect(script.decided()).toEqual(['ignore ending']);
    expect(nextDeadlineMs(script.state)).toBeUndefined();
  });

  it('[T36] does nothing for a timer that comes early', () => {
    const { script } = inMidReply();
    script.feed({ type: 'speech-started' }).decided();
    const before = script.state;
    script.feed({ type: 'timer' });
    expect(script.decided()).toEqual([]);
    expect(script.state).toEqual(before);
  });
});
