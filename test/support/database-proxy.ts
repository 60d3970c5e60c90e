import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A wire to a PostgreSQL server that can be cut, and that can lose an answer. */
export class DatabaseProxy implements AsyncDisposable {
  /** Of the same database, through here. */
  readonly url: string;
  readonly #server: Server;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #sockets = new Set<Socket>();
  #isCut = false;
  #losesAnswerTo: string | undefined;
  #onLost: (() => void) | undefined;

  private constructor(server: Server, databaseUrl: string) {
    const url = new URL(databaseUrl);
    this.#server = server;
    this.#target = { host: url.hostname, port: Number(url.port === '' ? 5432 : url.port) };
    url.hostname = '127.0.0.1';
    url.port = String((server.address() as AddressInfo).port);
    this.url = url.href;
    server.on('connection', (client) => this.#join(client));
  }

  static async start(databaseUrl: string): Promise<DatabaseProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new DatabaseProxy(server, databaseUrl);
  }

  /** Breaks every connection, and refuses new ones. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  /** The next transaction with `words` in it is committed, and its connection breaks before anybody is told. */
  loseAnswerTo(words: string): Promise<void> {
    this.#losesAnswerTo = words;
    return new Promise((resolve) => (this.#onLost = resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket): void {
    if (this.#isCut) {
      client.resetAndDestroy();
      return;
    }
    const server = connect(this.#target);
    let isInteresting = false;
    let isLost = false;
    client.on('data', (data) => {
      const text = data.toString('latin1').toLowerCase();
      isInteresting ||= this.#losesAnswerTo !== undefined && text.includes(this.#losesAnswerTo);
      if (isInteresting && text.includes('commit')) {
        isLost = true;
        this.#losesAnswerTo = undefined;
      }
      server.write(data);
    });
    server.on('data', (data) => {
      if (!isLost) {
        client.write(data);
        return;
      }
      // It is done, as the server says; but nobody hears it.
      client.resetAndDestroy();
      server.destroy();
      this.#onLost?.();
    });
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
