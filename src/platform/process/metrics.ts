import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** A number in a plain field of its owner, which costs nothing per frame and is read on a scrape. */
export interface PlainMetric {
  readonly name: string;
  readonly help: string;
  readonly read: () => number;
}

/** The server's Prometheus metrics. Ids are logged and never labels, to keep cardinality low. */
export class Metrics {
  readonly registry = new Registry();

  constructor(options: { readonly withProcess: boolean } = { withProcess: false }) {
    if (options.withProcess) collectDefaultMetrics({ register: this.registry });
  }

  counter<Label extends string = never>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
  ): Counter<Label> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  histogram<Label extends string = never>(
    name: string,
    help: string,
    options: { readonly buckets: readonly number[]; readonly labelNames?: readonly Label[] },
  ): Histogram<Label> {
    return new Histogram({
      name,
      help,
      buckets: [...options.buckets],
      labelNames: [...(options.labelNames ?? [])],
      registers: [this.registry],
    });
  }

  /** Exports a plain field as a counter. */
  exportCounter({ name, help, read }: PlainMetric): void {
    void new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  /** Exports a plain field as a gauge. */
  exportGauge({ name, help, read }: PlainMetric): void {
    void new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}
