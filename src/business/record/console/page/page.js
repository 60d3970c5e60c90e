// The page of calls: the list, who may see it, and keeping up with what goes on.

import { renderCall } from './call-view.js';
import { dollars, duration, element, formatTime, statusTags } from './elements.js';

const refreshEveryMs = 3000;
const state = { about: undefined, calls: [], nextCursor: null, shown: undefined, shownText: '' };

const byId = (id) => document.getElementById(id);

class SignedOut extends Error {}

async function fetchJson(path, options) {
  const response = await fetch(path, { headers: { accept: 'application/json' }, ...options });
  if (response.status === 401) throw new SignedOut();
  const body = await response.json();
  if (!response.ok) throw new Error(body.detail ?? body.title ?? 'The server did not answer as it should.');
  return body;
}

// ── The list ──

function listItem(call) {
  const link = element(
    'a',
    { className: 'call', href: `#${call.id}` },
    element('span', { className: 'who', textContent: call.from || 'number withheld' }),
    element('span', { className: 'when', textContent: formatTime(call.startedAt, state.about?.timeZone) }),
    element('span', { className: 'tags' }, ...statusTags(call)),
    element('span', {
      className: 'figures',
      textContent: [
        duration(call.durationMs),
        call.cost && dollars(call.cost.totalMicros, call.cost.currency),
      ]
        .filter(Boolean)
        .join(' · '),
    }),
  );
  link.setAttribute('aria-current', String(call.id === state.shown));
  return element('li', {}, link);
}

function renderList() {
  byId('list').replaceChildren(...state.calls.map(listItem));
  byId('empty').hidden = state.calls.length > 0;
  byId('more').hidden = state.nextCursor === null;
}

// ── One call ──

async function showCall(id) {
  const call = await fetchJson(`/v1/calls/${encodeURIComponent(id)}`);
  if (id !== state.shown) return;
  const text = JSON.stringify(call);
  if (text === state.shownText) return;
  state.shownText = text;
  renderCall(byId('detail'), call, { timeZone: state.about?.timeZone, onEnd: endCall });
}

function endCall(id) {
  fetchJson(`/v1/calls/${id}/end`, { method: 'POST' }).then(() => refresh(), showTrouble);
}

// ── Coming in, and keeping up ──

function showTrouble(error) {
  const banner = byId('trouble');
  banner.hidden = error === undefined;
  banner.textContent = error === undefined ? '' : error.message;
}

function showSignIn() {
  byId('sign-in').hidden = false;
  byId('calls').hidden = true;
  byId('sign-out').hidden = true;
  byId('refused').hidden = new URLSearchParams(location.search).get('sign-in') !== 'failed';
  byId('key').focus();
}

function showAbout(about) {
  state.about = about;
  byId('business').textContent = about.businessName;
  byId('numbers').textContent = about.numbers.join(', ');
  if (about.numbers.length > 0) {
    byId('empty-hint').textContent = `Call ${about.numbers[0]}; the call appears here while it is going on.`;
  }
  const simulated = byId('simulated');
  simulated.hidden = about.simulatedVendors.length === 0;
  simulated.textContent = `Simulated: ${about.simulatedVendors.join(', ')}. These vendors are played by the simulator because their keys are missing.`;
  byId('sign-out').hidden = false;
  byId('calls').hidden = false;
}

/** The newest page again; older pages that were opened stay below it. */
async function refreshList() {
  const page = await fetchJson('/v1/calls?limit=50');
  const fresh = new Set(page.data.map(({ id }) => id));
  const oldest = page.data.at(-1)?.id ?? '';
  const older = state.calls.filter(({ id }) => !fresh.has(id) && id < oldest);
  if (older.length === 0) state.nextCursor = page.nextCursor;
  state.calls = [...page.data, ...older];
  renderList();
}

async function loadOlder() {
  const page = await fetchJson(`/v1/calls?limit=50&cursor=${encodeURIComponent(state.nextCursor)}`);
  state.calls = [...state.calls, ...page.data];
  state.nextCursor = page.nextCursor;
  renderList();
}

async function refresh() {
  try {
    if (state.about === undefined) showAbout(await fetchJson('/v1/about'));
    await refreshList();
    if (state.shown !== undefined) await showCall(state.shown);
    showTrouble(undefined);
  } catch (error) {
    if (error instanceof SignedOut) return showSignIn();
    showTrouble(error);
  }
}

function followAddress() {
  const id = location.hash.slice(1);
  state.shown = id === '' ? undefined : id;
  state.shownText = '';
  void refresh();
}

async function keepUp() {
  if (document.visibilityState === 'visible' && byId('sign-in').hidden) await refresh();
  setTimeout(keepUp, refreshEveryMs);
}

addEventListener('hashchange', followAddress);
byId('more').addEventListener('click', () => void loadOlder().catch(showTrouble));
followAddress();
setTimeout(keepUp, refreshEveryMs);
