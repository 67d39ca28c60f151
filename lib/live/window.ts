import { BUCKETS } from '../kernel/sparse-histogram.ts';
import { FIELDS } from './field.ts';
import { ROW, type Frame } from './frame.ts';
import { addBuckets, addFields } from './packed.ts';
import type { Rows } from './scope.ts';

/** Running sums over some seconds. All integers, so that taking a second away leaves exactly the rest. */
export interface Sums {
  readonly fields: Float64Array;
  readonly hit: Float64Array;
  readonly miss: Float64Array;
}

export function emptySums(): Sums {
  return { fields: new Float64Array(FIELDS), hit: new Float64Array(BUCKETS), miss: new Float64Array(BUCKETS) };
}

/** A route within a window: the table of routes shows no quantiles of hits. */
export type RouteSums = Omit<Sums, 'hit'>;

export function emptyRouteSums(): RouteSums {
  return { fields: new Float64Array(FIELDS), miss: new Float64Array(BUCKETS) };
}

/** Calls `visit` with each row's route and where its numbers are in the frame; or with the row of route `only`. */
function eachRow(
  frame: Frame,
  visit: (id: number, fieldsFrom: number, fieldsTo: number, hitFrom: number, hitTo: number, missTo: number) => void,
  only?: number,
): void {
  let fieldsFrom = 0;
  let bucketsFrom = 0;
  for (let i = 0; i < frame.rows.length; i += ROW) {
    const fieldsTo = frame.rows[i + 1] as number;
    const missTo = frame.rows[i + 3] as number;
    const id = frame.rows[i] as number;
    if (only === undefined || id === only)
      visit(id, fieldsFrom, fieldsTo, bucketsFrom, frame.rows[i + 2] as number, missTo);
    fieldsFrom = fieldsTo;
    bucketsFrom = missTo;
  }
}

/** Adds (`sign` 1) or takes away (−1) the rows of a frame that a scope includes. */
export function applyRows(sums: Sums, frame: Frame, sign: 1 | -1, { includes, only }: Rows): void {
  eachRow(
    frame,
    (id, fieldsFrom, fieldsTo, hitFrom, hitTo, missTo) => {
      if (!includes(id)) return;
      addFields(sums.fields, frame.fields, fieldsFrom, fieldsTo, sign);
      addBuckets(sums.hit, frame.buckets, hitFrom, hitTo, sign);
      addBuckets(sums.miss, frame.buckets, hitTo, missTo, sign);
    },
    only,
  );
}

/** The sums over one window of the series: of its services, of its routes (by id), and of the levels' evictions. */
export interface Window {
  readonly services: Map<string, Sums>;
  readonly routes: Map<number, RouteSums>;
  readonly evictions: Float64Array;
  /** Seconds with data. */
  seconds: number;
}

export function emptyWindow(): Window {
  return { services: new Map(), routes: new Map(), evictions: new Float64Array(3), seconds: 0 };
}

/**
 * Adds a frame to a window (`sign` 1) or takes it away (−1).
 *
 * @param serviceOf the service of a route's id; a row of undefined is left out
 * @param routes whether the window keeps sums by route too
 * @param only the one route to look at
 */
export function applyFrame(
  window: Window,
  frame: Frame,
  sign: 1 | -1,
  serviceOf: (id: number) => string | undefined,
  routes: boolean,
  only?: number,
): void {
  window.seconds += sign * frame.span;
  frame.evictions.forEach((count, i) => {
    window.evictions[i] = (window.evictions[i] as number) + sign * count;
  });
  eachRow(
    frame,
    (id, fieldsFrom, fieldsTo, hitFrom, hitTo, missTo) => {
      const name = serviceOf(id);
      if (name === undefined) return;
      let service = window.services.get(name);
      if (service === undefined) window.services.set(name, (service = emptySums()));
      addFields(service.fields, frame.fields, fieldsFrom, fieldsTo, sign);
      addBuckets(service.hit, frame.buckets, hitFrom, hitTo, sign);
      addBuckets(service.miss, frame.buckets, hitTo, missTo, sign);
      if (!routes) return;
      let route = window.routes.get(id);
      if (route === undefined) window.routes.set(id, (route = emptyRouteSums()));
      addFields(route.fields, frame.fields, fieldsFrom, fieldsTo, sign);
      addBuckets(route.miss, frame.buckets, hitTo, missTo, sign);
    },
    only,
  );
}

/** The sums of several services together. */
export function sumServices(window: Window, services: Iterable<string>): Sums {
  const sums = emptySums();
  for (const name of services) {
    const service = window.services.get(name);
    if (service === undefined) continue;
    add(sums.fields, service.fields);
    add(sums.hit, service.hit);
    add(sums.miss, service.miss);
  }
  return sums;
}

function add(sum: Float64Array, more: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (more[i] as number);
}
