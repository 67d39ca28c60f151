import { ERROR_STATUS, type ErrorCode } from './errors.ts';

const TITLE: Readonly<Record<ErrorCode, string>> = {
  malformed_request: 'The request is malformed',
  invalid_url: 'The URL is invalid',
  invalid_host: 'The Host header is invalid',
  path_traversal: 'The path climbs above the root',
  expectation_failed: "The expectation can't be met",
  url_too_long: 'The URL is too long',
  headers_too_large: 'The header section is too large',
  body_too_large: 'The body is too large',
  request_timeout: 'The request took too long to arrive',
  method_refused: "This method isn't supported",
  no_service: 'No service answers to this host',
  only_if_cached: 'Nothing usable is stored',
  not_found: 'Not found',
  method_not_allowed: "This method isn't allowed here",
  unsupported_media_type: "This content type isn't supported",
  misdirected_request: "This host name isn't served here",
  login_required: 'Log in first',
  login_refused: 'The log-in was refused',
  permission_denied: 'You may not do that',
  cross_site_request: 'Requests from other sites are refused',
  validation_failed: "The request isn't valid",
  conflict: "That doesn't fit its state",
  too_many_connections: 'Too many connections',
  too_many_requests: 'Too many requests',
  draining: 'The server is shutting down',
  origin_unreachable: "The origin can't be reached",
  origin_reset: 'The origin closed the connection',
  origin_invalid: "The origin's answer is invalid",
  origin_truncated: "The origin's answer is incomplete",
  origin_timeout: 'The origin took too long',
  origin_busy: 'Too many requests wait for the origin',
  loop_detected: 'The request has been here before',
  breaker_open: 'The origin is cut off after failures',
  client_gone: 'The client left',
  lagging_reader: 'The client read too slowly',
  config_invalid: 'The configuration is invalid',
  port_in_use: 'The port is in use',
  data_dir_unwritable: "The data directory isn't writable",
  data_dir_locked: 'The data directory is in use',
  gateway_unavailable: "The gateway doesn't answer",
  sign_on_unavailable: "The single sign-on doesn't answer",
  storage_unavailable: "Storage doesn't answer",
  database_refused: "This database can't be used",
  internal: 'Something went wrong inside Pitwall',
};

/** RFC 9457 problem details; the wire schema is lib/contracts/problem. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly instance?: string;
}

/** RFC 9457 section 3. */
export const PROBLEM_TYPE = 'application/problem+json';

/**
 * The problem details of an error: one mapping for gateway and console.
 * `status` is the code's own (ERROR_STATUS); `type` names the code, so that it's stable too.
 *
 * @param detail a sentence about this occurrence; shown to the client, so without secrets or paths
 * @param instance the request's id; left out of the document when undefined
 */
export function toProblem(code: ErrorCode, detail: string, instance?: string): ProblemDetails {
  const problem = { type: `urn:pitwall:problem:${code}`, title: TITLE[code], status: ERROR_STATUS[code], detail, code };
  return instance === undefined ? problem : { ...problem, instance };
}
