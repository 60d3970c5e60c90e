// Words, figures and elements. Everything that came over the telephone is put in as text, never as markup.

export function element(name, properties = {}, ...children) {
  const { className, dataset, ...rest } = properties;
  const node = Object.assign(document.createElement(name), rest);
  if (className) node.className = className;
  if (dataset) Object.assign(node.dataset, dataset);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const outcomeTone = { 'no-conversation': 'plain', 'answered-question': 'plain' };
export const readable = (slug) => slug.replaceAll('-', ' ').replaceAll('_', ' ');

export function duration(ms) {
  if (ms === null) return '–';
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export function dollars(micros, currency) {
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    minimumFractionDigits: 4,
    maximumFractionDigits: 4,
  }).format(micros / 1e6);
}

export function formatTime(iso, timeZone) {
  const options = { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' };
  return new Intl.DateTimeFormat(undefined, { ...options, timeZone }).format(new Date(iso));
}

export function tag(text, tone = '') {
  return element('span', { className: `tag ${tone}`, textContent: text });
}

export function statusTags(call) {
  if (call.status === 'in_progress') return [tag('on the line', 'live')];
  const tags = call.outcome.map((outcome) => tag(readable(outcome), outcomeTone[outcome] ?? ''));
  return tags.length > 0 ? tags : [tag('being written up', 'plain')];
}
