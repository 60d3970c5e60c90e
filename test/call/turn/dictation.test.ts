import { describe, expect, it } from 'vitest';
import { asksToDictate, isDictating } from '../../../src/call/turn/dictation.ts';
import { TurnScript } from './turn-script.ts';

const patient = 'endpointing 0.85 8000';
const usual = 'endpointing 0.7 5000';

/** The caller has said something, and hears this answer to its end. */
function answeredWith(text: string, script = TurnScript.afterGreeting()): TurnScript {
  script.says('I would like to book a table').decided();
  const replyId = script.reply('answer', text);
  return script.wait(1_500).finish(replyId);
}

describe('what is dictated', () => {
  it.each([
    ['en-US', 'And what is your phone number?'],
    ['en-GB', 'May I have your name, please?'],
    ['en-US', 'Could you spell that for me.'],
    ['de-DE', 'Wie lautet Ihre Telefonnummer?'],
    ['de-DE', 'Können Sie das bitte buchstabieren?'],
    ['es-ES', '¿Me puede decir su número de teléfono?'],
    ['fr-FR', 'Quel est votre numéro de téléphone ?'],
    ['pt-BR', 'Qual é o seu endereço?'],
    ['ar-SA', 'ما هو رقم هاتفك؟'],
    ['nl-NL', 'Your number?'],
  ])('is asked for in %s: %s', (language, text) => {
    expect(asksToDictate(text, language)).toBe(true);
  });

  it.each(['Would Tuesday at three suit you?', 'I have your number here.', 'Is there anything else?'])(
    'is not asked for: %s',
    (text) => {
      expect(asksToDictate(text, 'en-US')).toBe(false);
    },
  );

  it.each([
    ['en-US', 'my number is oh seven seven'],
    ['en-US', 'it is 0 7 7'],
    ['en-US', 'that is 07700'],
    ['en-US', 'Smith, S M I'],
    ['de-DE', 'null eins sieben'],
    ['es-ES', 'seis cuatro cuatro'],
    ['fr-FR', 'zéro six douze'],
    ['pt-BR', 'nove oito sete'],
    ['ar-SA', 'صفر خمسة ستة'],
  ])('is recognised in %s: %s', (language, text) => {
    expect(isDictating(text, language)).toBe(true);
  });

  it.each(['Tuesday at ten thirty', 'a table for two', 'in 2026', 'oh seven seven, that is my number', ''])(
    'is not: %s',
    (text) => {
      expect(isDictating(text, 'en-US')).toBe(false);
    },
  );
});

describe('patience', () => {
  it('[T37] begins when a question that asks for a number is heard, and ends with the next that does not', () => {
    const script = TurnScript.afterGreeting().says('I would like to book a table');
    const replyId = script.start();
    script.decided();
    script.feed({ type: 'reply-text', replyId, text: 'What is your phone number?' });
    expect(script.decided()).toEqual([]);
    script.feed({ type: 'reply-audible', replyId });
    expect(script.decided()).toEqual([patient]);
    script.feed({ type: 'reply-text', replyId, text: 'I will write it down.' }).wait(1_500).finish(replyId);
    script.says('oh seven seven double oh');
    expect(script.decided()).toEqual(['commit "oh seven seven double oh"']);
    script.reply('answer', 'Thank you. Is there anything else?');
    expect(script.decided()).toEqual([usual]);
  });

  it('[T37] lasts until the next answer is heard, so that a caller who goes on dictating is let', () => {
    const script = answeredWith('What is your phone number?');
    script.says('oh seven seven').decided();
    const replyId = script.start();
    script.feed({ type: 'reply-text', replyId, text: 'Thank you.' });
    script.hears('nine hundred');
    expect(script.decided()).toEqual(['interrupt turn-continued']);
  });

  it('[T37] stays through a reprompt, which leaves the question open', () => {
    const script = answeredWith('What is your phone number?');
    script.wait(8_000);
    expect(script.decided()).toEqual([patient, 'say reprompt 1']);
    script.reply('reprompt', 'Are you still there?');
    expect(script.decided()).toEqual([]);
  });

  it('[T37] begins with the dictation where nothing was asked', () => {
    const script = TurnScript.afterGreeting();
    script.feed({ type: 'turn-started', text: 'My' }).hears('My number is oh seven');
    expect(script.decided()).toEqual([]);
    script.hears('My number is oh seven seven');
    expect(script.decided()).toEqual([patient]);
  });

  it('[T37] never asks for less than the settings do', () => {
    const settings = { endOfTurnThreshold: 0.9, endOfTurnTimeoutMs: 10_000 };
    const script = answeredWith('What is your phone number?', TurnScript.afterGreeting(settings));
    expect(script.decided()).toEqual(['endpointing 0.9 10000']);
  });

  it('[T37] [T12] leaves a dictation open for as long as the recogniser does', () => {
    const script = answeredWith('What is your phone number?');
    script.feed({ type: 'turn-started', text: 'oh' }).hears('oh seven seven').decided();
    script.wait(8_999);
    expect(script.decided()).toEqual([]);
    script.wait(1);
    expect(script.decided()).toEqual(['commit "oh seven seven"']);
  });

  it('[T37] is over when the caller comes back from a transfer', () => {
    const script = answeredWith('What is your phone number?');
    script.feed({ type: 'transfer-started' }).feed({ type: 'transfer-failed' }).decided();
    answeredWith('What is your phone number?', script);
    expect(script.decided()).toEqual([patient]);
  });
});
