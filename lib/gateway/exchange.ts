import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExplainStep } from '../contracts/explain.ts';
import type { MissReason, Result } from '../contracts/traffic.ts';
import type { RouteRuntime } from './service-runtime.ts';
import { FACT } from './request-facts.ts';

/** A client's request on its way, and what became of it. Made by "admit", completed by each step. */
export class Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly id: string;
  /** Monotonic ms. */
  readonly start: number;
  readonly method: string;
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly path: string;
  /** As the key holds it and the origin gets it; the whole one where there's no key. */
  query: string;
  /** Before the policy left anything out. */
  readonly wholeQuery: string;
  /** Bits of FACT. */
  readonly facts: number;
  readonly client: string;
  /** The peer is in `trustedProxies`. */
  readonly trusted: boolean;
  readonly route: RouteRuntime;
  readonly params: Readonly<Record<string, string>>;

  /** Its request key; undefined where it has none: passed on, or refused. */
  key: string | undefined;
  /** How it's being answered; final once the head is sent. */
  result: Result = 'origin';
  reason: MissReason | undefined;
  /** Body bytes given to the client's socket. */
  bytes = 0;
  /** When the origin's head arrived, ms after the origin call was sent; for Server-Timing. */
  originMs: number | undefined;
  /** An event stream or an upgrade: not part of latency figures. */
  stream = false;
  /** The 5xx came from the origin. */
  originFailed = false;
  /** How it's decided, told as it goes; only for who may know. */
  trace: ExplainStep[] | undefined;

  constructor(parts: ExchangeParts) {
    this.req = parts.req;
    this.res = parts.res;
    this.id = parts.id;
    this.start = parts.start;
    this.method = parts.method;
    this.scheme = parts.scheme;
    this.host = parts.host;
    this.path = parts.path;
    this.query = parts.query;
    this.wholeQuery = parts.wholeQuery;
    this.facts = parts.facts;
    this.client = parts.client;
    this.trusted = parts.trusted;
    this.route = parts.route;
    this.params = parts.params;
  }

  get headers(): readonly string[] {
    return this.req.rawHeaders;
  }

  has(fact: keyof typeof FACT): boolean {
    return (this.facts & FACT[fact]) !== 0;
  }

  /** The client holds its body back until it's told to go on; HTTP/1.0 knows no 100 (RFC 9110 section 10.1.1). */
  get awaitsContinue(): boolean {
    return this.has('expect') && this.req.httpVersion !== '1.0';
  }

  /** Nothing more can reach this client. */
  get gone(): boolean {
    return this.res.destroyed;
  }
}

export type ExchangeParts = Pick<
  Exchange,
  | 'req'
  | 'res'
  | 'id'
  | 'start'
  | 'method'
  | 'scheme'
  | 'host'
  | 'path'
  | 'query'
  | 'wholeQuery'
  | 'facts'
  | 'client'
  | 'trusted'
  | 'route'
  | 'params'
>;

/** A request as far as its decision goes: what came, or what somebody asks about. */
export type Asked = Pick<
  Exchange,
  'method' | 'scheme' | 'host' | 'path' | 'query' | 'wholeQuery' | 'facts' | 'headers' | 'route' | 'params' | 'has'
>;
