import { CallConnection } from '../../src/call/call-connection.ts';
import { mediaMs, position } from '../../src/call/clocks.ts';
import { AudioRing } from '../../src/call/listening/audio-ring.ts';
import { Listener } from '../../src/call/listening/listener.ts';
import { Recognition } from '../../src/call/listening/recognition.ts';
import { CarrierLink } from '../../src/call/reply/carrier-link.ts';
import { PlayoutClock } from '../../src/call/reply/playout-clock.ts';
import { Playout } from '../../src/call/reply/playout.ts';
import { Speaker } from '../../src/call/reply/speaker.ts';
import { closingContract } from '../contracts/closing.ts';
import { CallHarness } from '../support/call-harness.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { ScriptedStream } from '../support/scripted-stream.ts';
import { loud, ScriptedVoice } from '../support/scripted-voice.ts';
import { ScriptedRecogniser } from './listening/scripted-recogniser.ts';

const frame = new Uint8Array(160).fill(0xff);
const recogniserOptions = {
  language: 'en-US',
  keyterms: [],
  endOfTurnThreshold: 0.7,
  eagerEndOfTurnThreshold: 0.4,
  endOfTurnTimeoutMs: 5_000,
};

closingContract('a call', () => {
  const call = new CallHarness().answered();
  call.says('When do you open?');
  return {
    clock: call.clock,
    state: () => call.session.state.phase,
    close: () => call.session.close('shutdown'),
    poke: () => {
      call.session.close('internal-error');
      call.session.attach(new ScriptedStream());
      call.stream.says({ type: 'digit', digit: '1' });
    },
    emitted: call.ended,
    settleMs: 1_000,
  };
});

closingContract('the connection to the carrier', () => {
  const clock = new FakeClock();
  const emitted: unknown[] = [];
  const isLiveAtCarrier = () => Promise.resolve(true);
  const connection = new CallConnection({ clock, isLiveAtCarrier, emit: (event) => emitted.push(event) });
  const stream = new ScriptedStream();
  connection.attach(stream);
  return {
    clock,
    state: () => connection.state.phase,
    close: () => connection.close('shutdown'),
    poke: () => {
      stream.says({ type: 'media', mulaw: frame, offsetMs: 20 });
      stream.says({ type: 'stop' });
      connection.awaitStream();
    },
    emitted,
  };
});

closingContract('the listener', () => {
  const clock = new FakeClock();
  const emitted: unknown[] = [];
  const recogniser = new ScriptedRecogniser('recogniser');
  const listener = new Listener({
    recognisers: [recogniser],
    options: recogniserOptions,
    settings: { pauseAfterSpeechMs: 250 },
    voiceActivity: () => ({ hear: () => undefined, isVoiced: false, close: () => undefined }),
    ownVoice: { explains: () => false },
    clock,
    emit: (event) => emitted.push(event),
  });
  listener.start();
  return {
    clock,
    state: () => listener.state,
    close: () => listener.close(),
    poke: () => {
      listener.hear(frame, mediaMs(20));
      recogniser.latest.tell({ type: 'turn-started', text: 'hello' });
      recogniser.latest.die();
    },
    emitted,
  };
});

closingContract('one stream to a recogniser', () => {
  const clock = new FakeClock();
  const emitted: unknown[] = [];
  const recogniser = new ScriptedRecogniser('recogniser', { isReadyAtOnce: false });
  const recognition = new Recognition({
    speechToText: recogniser,
    options: recogniserOptions,
    clock,
    ring: new AudioRing(8_000),
    fromPosition: position(0),
    readyWithinMs: 1_500,
    onEvent: (event) => emitted.push(event),
    onClosed: (reason) => emitted.push(reason),
  });
  return {
    clock,
    state: () => recognition.state,
    close: () => recognition.close(),
    poke: () => recogniser.latest.ready().die(),
    emitted,
  };
});

closingContract('a speech', () => {
  const clock = new FakeClock();
  const emitted: unknown[] = [];
  const voice = new ScriptedVoice(clock, 'voice');
  const speaker = new Speaker({
    voices: [{ tts: voice, options: { voiceId: 'v', language: 'en-US', speed: 1 } }],
    clock,
    playoutClock: new PlayoutClock({ clock }),
    emitFault: (fault) => emitted.push(fault),
  });
  speaker.start();
  speaker.attach(new ScriptedStream(), { offsetMs: () => mediaMs(clock.nowMs()) });
  const speech = speaker.begin({ held: false }, (event) => emitted.push(event));
  speech.pushText('We are open from nine to five on weekdays, and');
  clock.advance(300);
  return {
    clock,
    state: () => speech.state,
    close: () => speech.close(),
    poke: () => {
      speech.pushText(' on Saturdays.');
      speech.resume();
      speech.release();
      speech.endText();
    },
    emitted,
  };
});

closingContract('a playout', () => {
  const clock = new FakeClock();
  const emitted: unknown[] = [];
  const link = new CarrierLink(clock, undefined);
  link.attach(new ScriptedStream(), { offsetMs: () => mediaMs(clock.nowMs()) });
  const playout = new Playout(
    { clock, playoutClock: new PlayoutClock({ clock }), link },
    {
      onAudible: () => emitted.push('audible'),
      onProgress: () => emitted.push('progress'),
      onPlayedOut: () => emitted.push('played out'),
    },
  );
  playout.append(loud(0, 8_000));
  return {
    clock,
    state: () => playout.state,
    close: () => playout.close(),
    poke: () => {
      playout.append(loud(8_000, 800));
      playout.resume();
      playout.end();
    },
    emitted,
  };
});
