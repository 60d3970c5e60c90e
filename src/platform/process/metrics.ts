import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** A number kept by its owner in a plain field, which costs nothing per frame, and read when somebody looks. */
export interface PlainMetric {
  readonly name: string;
  readonly help: string;
  readonly read: () => number;
}

/** What the server measures of itself. Labels stay few; ids belong in the log. */
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

  /** Exports a plain field that only grows. */
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

  /** Exports a plain field that goes up and down. */
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
