import { parseXml, XmlError, type XmlElement } from './xml.ts';

/** The supported verbs of TwiML. */
export type Verb =
  | {
      readonly verb: 'connect';
      readonly stream: StreamInstruction;
      readonly action: string | undefined;
      readonly method: HttpMethod;
    }
  | { readonly verb: 'say'; readonly text: string; readonly loop: number }
  | { readonly verb: 'play'; readonly url: string }
  | { readonly verb: 'pause'; readonly lengthMs: number }
  | { readonly verb: 'redirect'; readonly url: string; readonly method: HttpMethod }
  | {
      readonly verb: 'dial';
      readonly numbers: readonly string[];
      readonly action: string | undefined;
      readonly method: HttpMethod;
      readonly timeoutMs: number;
    }
  | { readonly verb: 'hangup' }
  | { readonly verb: 'reject'; readonly reason: 'rejected' | 'busy' };

interface StreamInstruction {
  readonly url: string;
  readonly name: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly statusCallback: string | undefined;
}

export type HttpMethod = 'GET' | 'POST';

/** A document that the carrier would not run; `code` is the carrier's. */
export class TwimlError extends Error {
  override readonly name = 'TwimlError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const DOCUMENT_PARSE_FAILURE = 12_100;
const INVALID_STRUCTURE = 12_200;
const INVALID_TRACK = 31_941;
/** Name and value of a stream parameter together stay below this. */
const MAX_PARAMETER_LENGTH = 500;

export function parseTwiml(source: string): Verb[] {
  let root: XmlElement;
  try {
    root = parseXml(source);
  } catch (error) {
    if (error instanceof XmlError) throw new TwimlError(DOCUMENT_PARSE_FAILURE, error.message);
    throw error;
  }
  if (root.name !== 'Response') throw new TwimlError(DOCUMENT_PARSE_FAILURE, `root is <${root.name}>`);
  return root.children.map(parseVerb);
}

function parseVerb(element: XmlElement): Verb {
  const { attributes } = element;
  const content = element.text.trim();
  switch (element.name) {
    case 'Connect':
      return {
        verb: 'connect',
        stream: parseStream(onlyChild(element, 'Stream')),
        action: attributes['action'],
        method: methodOf(attributes),
      };
    case 'Say':
      return { verb: 'say', text: content, loop: Number(attributes['loop'] ?? 1) };
    case 'Play':
      return { verb: 'play', url: content };
    case 'Pause':
      return { verb: 'pause', lengthMs: 1000 * Number(attributes['length'] ?? 1) };
    case 'Redirect':
      return { verb: 'redirect', url: content, method: methodOf(attributes) };
    case 'Dial':
      return {
        verb: 'dial',
        numbers: content === '' ? element.children.map((child) => child.text.trim()) : [content],
        action: attributes['action'],
        method: methodOf(attributes),
        timeoutMs: 1000 * Number(attributes['timeout'] ?? 30),
      };
    case 'Hangup':
      return { verb: 'hangup' };
    case 'Reject':
      return { verb: 'reject', reason: attributes['reason'] === 'busy' ? 'busy' : 'rejected' };
    default:
      throw new TwimlError(INVALID_STRUCTURE, `<${element.name}> is not simulated`);
  }
}

function parseStream(stream: XmlElement): StreamInstruction {
  const { attributes } = stream;
  if (attributes['url'] === undefined) throw new TwimlError(INVALID_STRUCTURE, '<Stream> needs a url');
  if ((attributes['track'] ?? 'inbound_track') !== 'inbound_track') {
    throw new TwimlError(INVALID_TRACK, '<Connect><Stream> carries only the inbound track');
  }
  const parameters: Record<string, string> = {};
  for (const child of stream.children) {
    const { name, value } = child.attributes;
    if (child.name !== 'Parameter' || name === undefined || value === undefined) {
      throw new TwimlError(INVALID_STRUCTURE, '<Stream> holds only <Parameter name value>');
    }
    if (name.length + value.length >= MAX_PARAMETER_LENGTH) {
      throw new TwimlError(INVALID_STRUCTURE, `parameter ${name} is too long`);
    }
    parameters[name] = value;
  }
  const { url, name, statusCallback } = attributes;
  return { url, name, parameters, statusCallback };
}

function onlyChild(element: XmlElement, name: string): XmlElement {
  const [child, second] = element.children;
  if (child?.name !== name || second !== undefined) {
    throw new TwimlError(INVALID_STRUCTURE, `<${element.name}> needs exactly one <${name}>`);
  }
  return child;
}

function methodOf(attributes: Readonly<Record<string, string>>): HttpMethod {
  return attributes['method']?.toUpperCase() === 'GET' ? 'GET' : 'POST';
}

/** What a verb is about, for people. */
export function describeVerb(verb: Verb): string {
  switch (verb.verb) {
    case 'connect':
      return verb.stream.url;
    case 'say':
      return verb.text;
    case 'play':
    case 'redirect':
      return verb.url;
    case 'pause':
      return `${verb.lengthMs} ms`;
    case 'dial':
      return verb.numbers.join(', ');
    case 'reject':
      return verb.reason;
    case 'hangup':
      return '';
    default:
      return verb satisfies never;
  }
}
