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

type Visit = (id: number, fieldsFrom: number, fieldsTo: number, hitFrom: number, hitTo: number, missTo: number) => void;

/** Calls `visit` with the route of each row, or of each row of `ids`, and where its numbers are in the frame. */
function eachRow({ rows }: Frame, visit: Visit, ids: Rows['ids']): void {
  const row = (i: number): void => {
    const fieldsFrom = i === 0 ? 0 : (rows[i - ROW + 1] as number);
    const hitFrom = i === 0 ? 0 : (rows[i - 1] as number);
    const [fieldsTo, hitTo, missTo] = [rows[i + 1] as number, rows[i + 2] as number, rows[i + 3] as number];
    visit(rows[i] as number, fieldsFrom, fieldsTo, hitFrom, hitTo, missTo);
  };
  if (ids === undefined) {
    for (let i = 0; i < rows.length; i += ROW) row(i);
    return;
  }
  let from = 0;
  for (const id of ids) {
    from = rowFrom(rows, id, from);
    if (from < rows.length && rows[from] === id) row(from);
  }
}

/** Where the first row from `from` on is whose id isn't smaller. */
function rowFrom(rows: Uint32Array, id: number, from: number): number {
  let [low, high] = [from / ROW, rows.length / ROW];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle * ROW] as number) < id) low = middle + 1;
    else high = middle;
  }
  return low * ROW;
}

/** Adds (`sign` 1) or takes away (−1) the rows of a frame that a scope includes. */
export function applyRows(sums: Sums, frame: Frame, sign: 1 | -1, { ids }: Rows): void {
  eachRow(
    frame,
    (_, fieldsFrom, fieldsTo, hitFrom, hitTo, missTo) => {
      addFields(sums.fields, frame.fields, fieldsFrom, fieldsTo, sign);
      addBuckets(sums.hit, frame.buckets, hitFrom, hitTo, sign);
      addBuckets(sums.miss, frame.buckets, hitTo, missTo, sign);
    },
    ids,
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
 * @param ids the routes to look at, ascending; undefined = all
 */
export function applyFrame(
  window: Window,
  frame: Frame,
  sign: 1 | -1,
  serviceOf: (id: number) => string | undefined,
  routes: boolean,
  ids?: Rows['ids'],
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
    ids,
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
