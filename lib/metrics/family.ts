import type { Metric } from 'prom-client';

export type Labels = Readonly<Record<string, string | number>>;

export interface FamilyValue {
  readonly labels: Labels;
  readonly value: number;
  /** Where it isn't the family's: a histogram's _bucket, _sum and _count. */
  readonly metricName?: string;
}

/** One metric with all its values, as prom-client's registry renders it. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly values: FamilyValue[];
}

export function family(type: Family['type'], name: string, help: string): Family {
  return { type, name, help, values: [] };
}

/** The part of prom-client's metrics that its registry uses at a scrape. */
interface Rendered {
  readonly name: string;
  get(): Promise<object>;
}

/**
 * Wraps a family for the registry of one scrape.
 * OpenMetrics names a counter's family without "_total"; the registry adds it to the samples again, and to do so it
 * would rename the metric for good: hence one registry per scrape, over copies.
 *
 * @param turn awaited before the registry formats this family
 */
export function rendered(source: Family | Metric, openMetrics: boolean, turn: () => Promise<void>): Metric {
  const facade: Rendered = {
    name: 'values' in source ? source.name : nameOf(source),
    async get() {
      await turn();
      const data = 'values' in source ? source : await source.get();
      // the compiled metrics of prom-client spell their type in words
      const counter = String(data.type) === 'counter';
      return counter && openMetrics ? { ...data, name: data.name.replace(/_total$/, '') } : data;
    },
  };
  // prom-client declares Metric as the union of its classes, though a registry takes anything of this shape
  return facade as object as Metric;
}

/** prom-client's types leave out the name that every metric has. */
export function nameOf(metric: object): string {
  return 'name' in metric ? String(metric.name) : '';
}
