// One call: its figures, its recording, and the conversation as it was heard.

import { dollars, duration, element, formatTime, readable, statusTags, tag } from './elements.js';

const stages = [
  ['endpointingMs', 'end of turn'],
  ['requestMs', 'to the model'],
  ['firstTokenMs', 'first token'],
  ['firstChunkMs', 'first words'],
  ['firstAudioMs', 'first audio'],
  ['sendMs', 'sent'],
];

function latencyBar(latency) {
  if (latency === null || latency.totalMs === null) return null;
  const parts = stages.map(([key, name], index) => ({ ms: Math.max(0, latency[key] ?? 0), name, index }));
  const sum = parts.reduce((total, { ms }) => total + ms, 0) || 1;
  const bar = element('div', { className: 'bar' });
  for (const { ms, name, index } of parts) {
    if (ms === 0) continue;
    const part = element('div', {
      className: `stage stage-${index + 1}`,
      title: `${name}: ${Math.round(ms)} ms`,
    });
    part.style.width = `${(ms / sum) * 100}%`;
    bar.append(part);
  }
  const told = parts.filter(({ ms }) => ms >= 1).map(({ ms, name }) => `${name} ${Math.round(ms)}`);
  const total = `answered in ${Math.round(latency.totalMs)} ms${latency.speculative ? ', begun early' : ''}`;
  return element(
    'div',
    { className: 'latency', title: told.join(', ') },
    bar,
    element('span', { textContent: total }),
  );
}

function legend() {
  return element(
    'div',
    { className: 'legend' },
    ...stages.map(([, name], index) =>
      element('span', { className: `stage-${index + 1}`, textContent: name }),
    ),
  );
}

function seekButton(offsetMs) {
  return element('button', {
    type: 'button',
    className: 'seek',
    textContent: duration(offsetMs),
    title: 'Listen from here',
    onclick: () => {
      const audio = document.querySelector('audio');
      if (audio === null) return;
      audio.currentTime = offsetMs / 1000;
      void audio.play();
    },
  });
}

/** What was heard in plain, what was not struck through. */
function agentText(turn) {
  const { heardText, generatedText, words } = turn;
  if (generatedText.startsWith(heardText)) {
    return [
      heardText,
      element('span', { className: 'unheard', textContent: generatedText.slice(heardText.length) }),
    ];
  }
  if (words.length === 0) return [heardText];
  return words.flatMap(({ text, heard }) => [
    element('span', { className: heard ? '' : 'unheard', textContent: text }),
    ' ',
  ]);
}

function agentTurn(turn) {
  const interruption = turn.interruptionCause === null ? '' : ` (${readable(turn.interruptionCause)})`;
  return element(
    'li',
    { className: 'turn agent' },
    element(
      'div',
      { className: 'side' },
      turn.interrupted ? tag(`interrupted${interruption}`, 'warn') : null,
      turn.replyKind === 'answer' ? 'Agent' : `Agent, ${readable(turn.replyKind)}`,
      seekButton(turn.startOffsetMs),
    ),
    element('div', { className: 'bubble' }, ...agentText(turn)),
    latencyBar(turn.latency),
  );
}

function callerTurn(turn) {
  return element(
    'li',
    { className: 'turn caller' },
    element(
      'div',
      { className: 'side' },
      'Caller',
      seekButton(turn.startOffsetMs),
      turn.source === 'digits' ? tag('keypad', 'plain') : null,
    ),
    element('div', { className: 'bubble', textContent: turn.text }),
  );
}

const toolTone = { ok: '', refused: 'warn' };

function json(value) {
  return element('pre', { textContent: JSON.stringify(value, null, 2) ?? '' });
}

function toolTurn(turn) {
  const status = turn.status ?? 'running';
  return element(
    'li',
    { className: 'tool' },
    element(
      'details',
      { dataset: { sequence: turn.sequence } },
      element(
        'summary',
        {},
        element('code', { textContent: turn.tool }),
        tag(readable(status), turn.status === null ? 'plain' : (toolTone[status] ?? 'bad')),
        element('span', {
          className: 'took',
          textContent: turn.durationMs === null ? '' : `${turn.durationMs} ms`,
        }),
      ),
      element(
        'div',
        { className: 'inside' },
        element('span', { textContent: 'asked with' }),
        json(turn.arguments),
        element('span', { textContent: 'answered' }),
        json(turn.result),
      ),
    ),
  );
}

const turnOf = { caller: callerTurn, agent: agentTurn, tool: toolTurn };

function fact(name, value, note) {
  const told = element('dd', { textContent: value });
  if (note) told.append(element('div', { className: 'note', textContent: note }));
  return element('div', {}, element('dt', { textContent: name }), told);
}

function facts(call, timeZone) {
  const { cost, usage } = call;
  const parts = [
    fact('Started', formatTime(call.startedAt, timeZone)),
    fact('Duration', duration(call.durationMs)),
    fact('Turns', `${call.callerTurns}`, `${call.interruptions} interrupted`),
  ];
  if (call.endedReason !== null) parts.push(fact('Ended', readable(call.endedReason)));
  if (call.faults > 0) parts.push(fact('Faults', String(call.faults)));
  if (cost !== null) {
    const each = [
      ['hearing', cost.speechToTextMicros],
      ['thinking', cost.modelMicros],
      ['speaking', cost.textToSpeechMicros],
      ['telephone', cost.telephonyMicros],
    ].map(([name, micros]) => `${name} ${dollars(micros, cost.currency)}`);
    const missing = cost.unpriced.length === 0 ? [] : [`no price for ${cost.unpriced.join(', ')}`];
    parts.push(fact('Cost', dollars(cost.totalMicros, cost.currency), [...each, ...missing].join(' · ')));
  }
  if (usage !== null) {
    const tokens = `${usage.inputTokens} tokens in (${usage.cachedTokens} cached), ${usage.outputTokens} out`;
    const heard = `${Math.round(usage.sttSeconds)} s heard, ${usage.ttsCharacters} characters spoken`;
    parts.push(fact('Used', usage.model, `${tokens} · ${heard}`));
  }
  return element('dl', { className: 'facts' }, ...parts);
}

function endButton(call, onEnd) {
  if (call.status !== 'in_progress') return null;
  return element('button', {
    type: 'button',
    className: 'danger',
    textContent: 'End this call',
    onclick: () => onEnd(call.id),
  });
}

/** Draws the call into `detail`, keeping what was folded and what is playing. */
export function renderCall(detail, call, { timeZone, onEnd }) {
  const closed = new Set(
    [...detail.querySelectorAll('details:not([open])')].map(({ dataset }) => dataset.sequence),
  );
  // A player that is playing goes on playing while the rest is drawn anew.
  const oldAudio = detail.querySelector('audio');
  const audioPath = `/v1/calls/${call.id}/recording`;
  const audio = !call.hasRecording
    ? null
    : oldAudio?.dataset.path === audioPath
      ? oldAudio
      : element('audio', {
          controls: true,
          preload: 'metadata',
          src: audioPath,
          dataset: { path: audioPath },
        });
  const hasLatency = call.transcript.some(({ latency }) => latency && latency.totalMs !== null);
  const parts = [
    element(
      'div',
      { className: 'heading' },
      element('h1', { textContent: call.from || 'Number withheld' }),
      element('span', { className: 'tags' }, ...statusTags(call)),
      endButton(call, onEnd),
    ),
    call.summary === null ? null : element('p', { className: 'summary', textContent: call.summary }),
    facts(call, timeZone),
    audio,
    hasLatency ? legend() : null,
    call.transcript.length === 0
      ? element('p', { className: 'hint', textContent: 'Nothing has been said yet.' })
      : element('ol', { className: 'transcript' }, ...call.transcript.map((turn) => turnOf[turn.kind](turn))),
  ].filter((part) => part !== null);
  replaceChildrenAround(detail, oldAudio, parts);
  for (const details of detail.querySelectorAll('details'))
    details.open = !closed.has(details.dataset.sequence);
}

/** Taking a playing element out of the page stops it, so the kept one is not moved. */
function replaceChildrenAround(parent, kept, parts) {
  const at = parts.indexOf(kept);
  if (at === -1) {
    parent.replaceChildren(...parts);
    return;
  }
  const old = Array.from(parent.children);
  for (const child of old) if (child !== kept) child.remove();
  kept.before(...parts.slice(0, at));
  kept.after(...parts.slice(at + 1));
}
