import type { Pool, PoolClient } from 'pg';
import { readShapes, type Row, type TableShape } from './table-shapes.ts';

type Values = Readonly<Record<string, unknown>>;

const tenant = 'tnt_released';
const at = new Date('2026-03-02T09:00:00Z');

/**
 * A process of the last release, at work on a schema that is upgraded meanwhile. It knows the columns that were there
 * when it started, apart from those its release had retired, and the statements below, which are in the columns of
 * that release: they change with a release, not with a migration.
 */
export class ReleasedProcess {
  /** Each statement that failed, once. */
  readonly failures = new Set<string>();
  readonly #pool: Pool;
  readonly #shapes: ReadonlyMap<string, TableShape>;
  readonly #written = new Map<string, { readonly table: string; readonly row: Row }>();
  #rounds = 0;
  #isStopping = false;
  #work: Promise<void> = Promise.resolve();

  private constructor(pool: Pool, shapes: ReadonlyMap<string, TableShape>) {
    this.#pool = pool;
    this.#shapes = shapes;
  }

  /** Opens a business, and serves it until it is stopped. */
  static async start(pool: Pool, retired: readonly string[]): Promise<ReleasedProcess> {
    const started = new ReleasedProcess(pool, await readShapes(pool, retired));
    await started.#openBusiness();
    started.#work = started.#serve();
    return started;
  }

  /** Resolves when that many more rounds are done. */
  async workFor(rounds: number): Promise<void> {
    const until = this.#rounds + rounds;
    while (this.#rounds < until) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#work;
  }

  /** The rows it wrote that are not there any more as it wrote them. */
  async lost(): Promise<readonly string[]> {
    const lost: string[] = [];
    for (const [name, { table, row }] of this.#written) {
      const found = await this.#find(table, row).catch(() => undefined);
      if (JSON.stringify(found) !== JSON.stringify(row)) lost.push(name);
    }
    return lost;
  }

  async #serve(): Promise<void> {
    while (!this.#isStopping) {
      const round = this.#rounds + 1;
      await this.#attempt(() => this.#serveCaller(round));
      await this.#attempt(() => this.#serveChat(round));
      await this.#attempt(() => this.#handle(round));
      for (const [table, shape] of this.#shapes) await this.#useEveryColumn(table, shape);
      this.#rounds = round;
    }
  }

  async #openBusiness(): Promise<void> {
    await this.#transaction('parley_system', async (client) => {
      await this.#insert(client, 'tenant', {
        id: tenant,
        slug: 'released',
        name: 'Released Cycles',
        time_zone: 'Europe/London',
        currency: 'GBP',
      });
      await this.#insert(client, 'person', { id: 'prs_1', name: 'Ada', email_index: 'ada' });
      await this.#insert(client, 'staff', {
        id: 'stf_1',
        name: 'Sam',
        email_encrypted: 'x',
        email_index: 'sam',
        password_hash: 'x',
      });
      await this.#insert(client, 'member', {
        tenant_id: tenant,
        id: 'mem_1',
        person_id: 'prs_1',
        role: 'owner',
        status: 'active',
      });
    });
    await this.#transaction('parley_app', async (client) => {
      await this.#insert(client, 'agent', {
        tenant_id: tenant,
        id: 'agt_1',
        slug: 'nova',
        name: 'Nova',
        draft: '{}',
      });
      await this.#insert(client, 'agent_version', {
        tenant_id: tenant,
        id: 'agv_1',
        agent_id: 'agt_1',
        version: 1,
        config: '{}',
      });
      await this.#update(client, 'agent', ['tenant_id', 'id'], {
        tenant_id: tenant,
        id: 'agt_1',
        published_version_id: 'agv_1',
      });
      await this.#insert(client, 'phone_number', { tenant_id: tenant, id: 'num_1', number: '+15005550100' });
      await this.#insert(client, 'number_agent', {
        tenant_id: tenant,
        number_id: 'num_1',
        agent_id: 'agt_1',
        weight: 100,
      });
      await this.#insert(client, 'opening_hours', {
        tenant_id: tenant,
        weekday: 1,
        opens_at_minute: 540,
        closes_at_minute: 1020,
      });
      await this.#insert(client, 'opening_exception', { tenant_id: tenant, local_date: '2026-12-25' });
      const price = { price_minor: 2500, currency: 'GBP' };
      await this.#insert(client, 'product', {
        tenant_id: tenant,
        id: 'prd_1',
        slug: 'tube',
        name: 'Tube',
        ...price,
      });
      await this.#insert(client, 'service', {
        tenant_id: tenant,
        id: 'svc_1',
        slug: 'check',
        name: 'Check',
        duration_minutes: 30,
        ...price,
      });
      await this.#insert(client, 'booking_resource', {
        tenant_id: tenant,
        id: 'res_1',
        slug: 'stand',
        name: 'Stand',
      });
      await this.#insert(client, 'service_resource', {
        tenant_id: tenant,
        service_id: 'svc_1',
        resource_id: 'res_1',
      });
      await this.#insert(client, 'api_key', {
        tenant_id: tenant,
        id: 'key_1',
        name: 'Till',
        key_sha256: 'x',
        hint: 'x',
      });
    });
  }

  /** A caller who books, orders, complains and leaves a message, and the record of the call. */
  #serveCaller(round: number): Promise<void> {
    const id = (prefix: string): string => `${prefix}_${round}`;
    const own = { tenant_id: tenant, customer_id: id('cus'), call_id: id('cal') };
    const start = new Date(at.getTime() + round * 3_600_000);
    return this.#transaction('parley_app', async (client) => {
      await client.query(
        `insert into reference_counter (tenant_id, kind, last_value) values ($1, 'booking', 1)
         on conflict (tenant_id, kind) do update set last_value = reference_counter.last_value + 1`,
        [tenant],
      );
      await this.#insert(client, 'customer', {
        tenant_id: tenant,
        id: id('cus'),
        name: 'Ben',
        name_key: 'ben',
        phone_encrypted: 'x',
        phone_index: id('phone'),
      });
      await this.#insert(client, 'booking', {
        ...own,
        id: id('bkg'),
        reference: id('B'),
        service_id: 'svc_1',
        resource_id: 'res_1',
        status: 'booked',
        starts_at: start,
        ends_at: new Date(start.getTime() + 1_800_000),
        blocked_until: new Date(start.getTime() + 1_800_000),
      });
      await this.#insert(client, 'customer_order', {
        ...own,
        id: id('ord'),
        reference: id('O'),
        status: 'placed',
        total_minor: 2500,
        currency: 'GBP',
      });
      await this.#insert(client, 'order_item', {
        tenant_id: tenant,
        order_id: id('ord'),
        position: 1,
        product_id: 'prd_1',
        name: 'Tube',
        quantity: 1,
        unit_price_minor: 2500,
      });
      await this.#insert(client, 'order_entry', {
        tenant_id: tenant,
        order_id: id('ord'),
        sequence: 1,
        kind: 'placed',
        author: 'agt_1',
        to_status: 'placed',
        event_position: 1,
        at: start,
      });
      await this.#insert(client, 'ticket', {
        ...own,
        id: id('tck'),
        reference: id('T'),
        subject: 'Rattle',
        description: 'It rattles.',
        category: 'repair',
        priority: 'normal',
        status: 'open',
      });
      await this.#insert(client, 'ticket_entry', {
        tenant_id: tenant,
        ticket_id: id('tck'),
        sequence: 1,
        kind: 'created',
        author: 'agt_1',
        event_position: 1,
        at: start,
      });
      await this.#insert(client, 'ticket_word', { tenant_id: tenant, ticket_id: id('tck'), word: 'rattle' });
      await this.#insert(client, 'phone_message', { ...own, id: id('msg'), body: 'Ring back.' });
      await this.#insert(client, 'tool_ledger', {
        tenant_id: tenant,
        idempotency_key: id('tool'),
        call_id: id('cal'),
        turn: 1,
        tool: 'take_message',
        arguments: '{}',
        status: 'done',
      });
      await this.#insert(client, 'call', {
        tenant_id: tenant,
        id: id('cal'),
        call_sid: id('CA'),
        direction: 'inbound',
        number_id: 'num_1',
        agent_id: 'agt_1',
        agent_version_id: 'agv_1',
        to_phone: '+15005550100',
        customer_id: id('cus'),
        status: 'in_progress',
        started_at: start,
        last_sequence: 1,
      });
      await this.#insert(client, 'call_turn', {
        tenant_id: tenant,
        call_id: id('cal'),
        sequence: 1,
        kind: 'caller',
        turn: 1,
        start_offset_ms: 0,
        at: start,
        text: 'It rattles.',
      });
      await this.#insert(client, 'call_text', {
        tenant_id: tenant,
        call_id: id('cal'),
        started_at: start,
        words: 'rattle',
      });
      await this.#insert(client, 'event_record', {
        tenant_id: tenant,
        stream: id('cal'),
        sequence: 1,
        type: 'call.started',
        data: '{}',
        at: start,
      });
      await this.#insert(client, 'audit_entry', {
        tenant_id: tenant,
        id: id('aud'),
        actor_type: 'system',
        actor_id: 'agt_1',
        action: 'booking.created',
        resource: 'booking',
      });
      // A tenant's work may not read the outbox, so that nothing is returned.
      await client.query(
        `insert into outbox (tenant_id, job, data, job_id) values ($1, 'finish', '{}', $2)`,
        [tenant, id('job')],
      );
    });
  }

  /** A written conversation, with a question about the documents of the business. */
  #serveChat(round: number): Promise<void> {
    const id = (prefix: string): string => `${prefix}_${round}`;
    return this.#transaction('parley_app', async (client) => {
      await this.#insert(client, 'conversation', {
        tenant_id: tenant,
        id: id('cnv'),
        customer_id: id('cus'),
        channel: 'web-chat',
        status: 'new_lead',
        last_activity_at: at,
        created_at: at,
        updated_at: at,
      });
      await this.#insert(client, 'conversation_message', {
        tenant_id: tenant,
        conversation_id: id('cnv'),
        sequence: 1,
        kind: 'text',
        author: 'customer',
        text: 'Do you open at nine?',
        at,
      });
      await this.#insert(client, 'knowledge_source', {
        tenant_id: tenant,
        id: id('ken'),
        kind: 'entry',
        title: 'Opening',
        body: 'At nine.',
        language: 'en',
        status: 'ready',
      });
      await this.#insert(client, 'knowledge_chunk', {
        tenant_id: tenant,
        source_id: id('ken'),
        content_version: 1,
        position: 0,
        heading_path: '',
        body: 'At nine.',
        body_sha256: 'x',
      });
      await this.#insert(client, 'knowledge_question', {
        tenant_id: tenant,
        id: id('kqn'),
        key: id('open'),
        question: 'Do you open at nine?',
        language: 'en',
        first_asked_at: at,
        last_asked_at: at,
      });
      await this.#insert(client, 'alert', {
        tenant_id: tenant,
        id: id('alr'),
        kind: 'message.taken',
        severity: 'info',
        title: 'A message',
      });
      await this.#insert(client, 'idempotency_key', {
        tenant_id: tenant,
        actor_id: 'key_1',
        key: id('key'),
        request_sha256: 'x',
      });
    });
  }

  /** What people do afterwards: every kind of change, on rows that were written before and after the upgrade. */
  #handle(round: number): Promise<void> {
    const row = (prefix: string, values: Values): Values => ({
      tenant_id: tenant,
      id: `${prefix}_${round}`,
      ...values,
    });
    const key = ['tenant_id', 'id'];
    return this.#transaction('parley_app', async (client) => {
      await this.#update(client, 'booking', key, row('bkg', { status: 'cancelled', updated_at: at }));
      await this.#update(client, 'customer_order', key, row('ord', { status: 'preparing' }));
      await this.#update(client, 'ticket', key, row('tck', { status: 'resolved', assignee_id: 'mem_1' }));
      await this.#update(
        client,
        'phone_message',
        key,
        row('msg', { status: 'handled', handled_by: 'mem_1' }),
      );
      await this.#update(client, 'call', key, row('cal', { status: 'completed', ended_reason: 'caller' }));
      await this.#update(client, 'conversation', key, row('cnv', { status: 'closed', closed_at: at }));
      await this.#update(client, 'customer', key, row('cus', { name: 'Ben Ko' }));
      await client.query('delete from ticket_word where tenant_id = $1 and ticket_id <> $2', [
        tenant,
        `tck_${round}`,
      ]);
    });
  }

  /**
   * Reads and writes every column that the process knows, in every table. PostgreSQL checks a row before it finds
   * that it is there already, so that an insert of an existing row proves that its like can still be written.
   */
  async #useEveryColumn(table: string, { columns, given }: TableShape): Promise<void> {
    const all = columns.join(', ');
    const settable = given.join(', ');
    const statements = [
      `select ${all} from ${table} limit 1`,
      `update ${table} set ${given.map((column) => `${column} = ${column}`).join(', ')} where false`,
      `insert into ${table} (${settable}) select ${settable} from ${table} limit 1 on conflict do nothing`,
    ];
    for (const statement of statements) await this.#attempt(() => this.#pool.query(statement));
  }

  async #insert(client: PoolClient, table: string, values: Values): Promise<void> {
    const names = Object.keys(values);
    const places = names.map((_, index) => `$${index + 1}`);
    const { rows } = await client.query<Row>(
      `insert into ${table} (${names.join(', ')}) values (${places.join(', ')}) returning ${this.#columnsOf(table)}`,
      Object.values(values),
    );
    this.#remember(table, rows[0]!);
  }

  async #update(client: PoolClient, table: string, key: readonly string[], values: Values): Promise<void> {
    const names = Object.keys(values);
    const assign = (name: string): string => `${name} = $${names.indexOf(name) + 1}`;
    const changes = names.filter((name) => !key.includes(name)).map(assign);
    const { rows } = await client.query<Row>(
      `update ${table} set ${changes.join(', ')} where ${key.map(assign).join(' and ')}
       returning ${this.#columnsOf(table)}`,
      Object.values(values),
    );
    if (rows[0] === undefined) throw new Error(`the row of ${table} to change is not there`);
    this.#remember(table, rows[0]);
  }

  #columnsOf(table: string): string {
    return this.#shapes.get(table)!.columns.join(', ');
  }

  /** Words are derived from their ticket, and deleted again. */
  #remember(table: string, row: Row): void {
    if (table === 'ticket_word') return;
    const key = this.#shapes.get(table)!.key.map((column) => String(row[column]));
    this.#written.set(`${table} ${key.join(' ')}`, { table, row });
  }

  async #find(table: string, row: Row): Promise<Row | undefined> {
    const { key } = this.#shapes.get(table)!;
    const { rows } = await this.#pool.query<Row>(
      `select ${this.#columnsOf(table)} from ${table}
       where ${key.map((column, index) => `${column} = $${index + 1}`).join(' and ')}`,
      key.map((column) => row[column]),
    );
    return rows[0];
  }

  async #transaction(role: string, work: (client: PoolClient) => Promise<void>): Promise<void> {
    const client = await this.#pool.connect();
    try {
      await client.query('begin');
      await client.query(`select set_config('role', $1, true), set_config('app.tenant_id', $2, true)`, [
        role,
        role === 'parley_app' ? tenant : '',
      ]);
      await work(client);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  }

  async #attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.failures.add(error instanceof Error ? error.message : String(error));
    }
  }
}
