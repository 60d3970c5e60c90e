import type { Cut, FaultsOf, ListenFault, ListenLatency } from '../faults.ts';
import type { Probe } from '../probe.ts';
import { SpeechFinder, type HeardFrame, type SpeechRegistry } from '../speech/heard-speech.ts';
import type { VendorSocket } from '../vendor-server.ts';

export interface ListenContext {
  readonly connection: number;
  readonly requestId: string;
  readonly speech: SpeechRegistry;
  readonly latency: ListenLatency;
  readonly faults: FaultsOf<ListenFault>;
  readonly idleTimeoutMs: number;
  readonly stats: ListenStats;
  readonly probe: Probe | undefined;
}

export interface ListenStats {
  connections: number;
  open: number;
  refused: number;
  audioBytes: number;
  turnsEnded: number;
  eagerEnds: number;
  /** Connections closed because nothing arrived. */
  timedOut: number;
}

/** What Flux and Nova have in common below their vocabularies: audio in, messages out, and everything that breaks. */
export class ListenLink {
  readonly #socket: VendorSocket;
  readonly #context: ListenContext;
  readonly #finder: SpeechFinder;
  readonly #idle: NodeJS.Timeout;
  readonly #byteFault: Cut<'byte'> | undefined;
  /** Sends this product's error message and closes. */
  readonly #breakDown: () => void;
  #wordFault: Cut<'word'> | undefined;
  #receivedBytes = 0;
  /** Sends nothing any more. */
  #silenced = false;
  /** Ignores all audio from now on. */
  #deaf = false;
  #byteFaultDone = false;

  constructor(socket: VendorSocket, context: ListenContext, breakDown: () => void) {
    this.#socket = socket;
    this.#context = context;
    this.#finder = new SpeechFinder(context.speech);
    this.#byteFault = context.faults.strike(isByteCut);
    this.#breakDown = breakDown;
    this.#idle = setTimeout(() => {
      context.stats.timedOut += 1;
      this.close(1011, 'NET-0001');
    }, context.idleTimeoutMs);
    context.stats.open += 1;
    socket.ws.on('close', () => {
      clearTimeout(this.#idle);
      context.stats.open -= 1;
    });
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Resets the idle timeout. */
  keepAlive(): void {
    this.#idle.refresh();
  }

  hear(audio: Buffer): HeardFrame[] {
    const { connection, stats, probe } = this.#context;
    this.#idle.refresh();
    this.#receivedBytes += audio.length;
    stats.audioBytes += audio.length;
    probe?.({ type: 'audio-received', connection, bytes: audio.length, atMs: performance.now() });
    if (!this.#byteFaultDone && this.#byteFault && this.#receivedBytes > this.#byteFault.after) {
      this.#byteFaultDone = true;
      this.#perform(this.#byteFault);
    }
    return this.#deaf ? [] : this.#finder.push(audio);
  }

  /** Chooses the fault, if any, of the new turn. */
  beginTurn(): void {
    this.#wordFault = this.#context.faults.strike(isWordCut);
  }

  /** To be called before anything is said about the turn's first `count` words. */
  recognised(count: number): void {
    const fault = this.#wordFault;
    if (!fault || fault.type === 'unfinished' || count <= fault.after) return;
    this.#wordFault = undefined;
    this.#perform(fault);
  }

  /** True when the end of this turn must never be sent. */
  get isTurnUnfinished(): boolean {
    return this.#wordFault?.type === 'unfinished';
  }

  send(message: object): void {
    const text = JSON.stringify(message);
    this.#later(() => {
      if (!this.#silenced) this.#socket.ws.send(text);
    });
  }

  /** After what was sent before. Without a code the client sees 1005. */
  close(code?: number, reason?: string): void {
    clearTimeout(this.#idle);
    this.#later(() => {
      if (!this.#silenced) this.#socket.ws.close(code, reason);
    });
  }

  #later(act: () => void): void {
    if (this.#context.latency.resultMs > 0) setTimeout(act, this.#context.latency.resultMs);
    else act();
  }

  #perform(fault: Cut<'byte' | 'word'>): void {
    this.#deaf = fault.type !== 'malformed' && fault.type !== 'unfinished';
    this.#silenced = this.#deaf && fault.type !== 'error';
    switch (fault.type) {
      case 'reset':
        this.#socket.reset();
        return;
      case 'close':
        this.#socket.ws.close(1000);
        return;
      case 'stall':
        return;
      case 'malformed':
        this.#socket.ws.send('{"type":"TurnInfo","event":');
        return;
      case 'error':
        this.#breakDown();
        return;
      case 'unfinished':
        return;
      default:
        fault.type satisfies never;
    }
  }
}

function isByteCut(fault: ListenFault): fault is Cut<'byte'> {
  return fault.type !== 'refuse' && fault.unit === 'byte';
}

function isWordCut(fault: ListenFault): fault is Cut<'word'> {
  return fault.type !== 'refuse' && fault.unit === 'word';
}
