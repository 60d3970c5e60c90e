/** A reader for the XML that TwiML needs: elements, attributes, text, CDATA, comments, entities. No DTD. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** All text directly inside, entities resolved, white space kept. */
  readonly text: string;
}

export class XmlError extends Error {
  override readonly name = 'XmlError';
}

interface OpenElement {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([^\s>]+)\s*>|<([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/gy;
const ATTRIBUTE = /([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

export function parseXml(source: string): XmlElement {
  const root: OpenElement = { name: '', attributes: {}, children: [], text: '' };
  const open: OpenElement[] = [root];
  TOKEN.lastIndex = 0;
  const text = source.replace(/^\uFEFF/, '').trim();
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(text);
    if (token === null) throw new XmlError(`not well-formed at character ${at}`);
    const [, cdata, closing, opening, attributes, selfClosing, characters] = token;
    const current = open.at(-1)!;
    if (cdata !== undefined) current.text += cdata;
    else if (characters !== undefined) current.text += resolveEntities(characters);
    else if (closing !== undefined) closeElement(open, closing);
    else if (opening !== undefined) {
      const element = { name: opening, attributes: readAttributes(attributes!), children: [], text: '' };
      current.children.push(element);
      if (selfClosing === '') open.push(element);
    }
  }
  if (open.length > 1) throw new XmlError(`<${open.at(-1)!.name}> is not closed`);
  const [document, second] = root.children;
  if (document === undefined || second !== undefined || root.text.trim() !== '') {
    throw new XmlError('there must be exactly one root element');
  }
  return document;
}

function closeElement(open: OpenElement[], name: string): void {
  if (open.length === 1 || open.at(-1)!.name !== name) throw new XmlError(`</${name}> closes nothing`);
  open.pop();
}

function readAttributes(source: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', double, single] of source.matchAll(ATTRIBUTE)) {
    if (name in attributes) throw new XmlError(`attribute ${name} is given twice`);
    attributes[name] = resolveEntities(double ?? single!);
  }
  return attributes;
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function resolveEntities(text: string): string {
  return text.replaceAll(/&(?:#x([\da-f]+)|#(\d+)|(\w+))?;?/gi, (entity, hex, decimal, name) => {
    const character =
      hex !== undefined
        ? String.fromCodePoint(Number.parseInt(hex as string, 16))
        : decimal !== undefined
          ? String.fromCodePoint(Number(decimal))
          : named[name as string];
    if (character === undefined || !entity.endsWith(';')) throw new XmlError(`bad entity ${entity}`);
    return character;
  });
}
