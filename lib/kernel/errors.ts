/** Every way in which Pitwall fails, as one closed union. Match on `code`, never on `instanceof`: a module may exist more than once. */
export const ERROR_STATUS = {
  // what the client sent
  malformed_request: 400,
  invalid_url: 400,
  invalid_host: 400,
  path_traversal: 400,
  expectation_failed: 417,
  url_too_long: 414,
  headers_too_large: 431,
  body_too_large: 413,
  request_timeout: 408,
  method_refused: 501,
  no_service: 404,
  only_if_cached: 504,
  not_found: 404,
  method_not_allowed: 405,
  unsupported_media_type: 415,
  misdirected_request: 421,
  cross_site_request: 403,
  login_required: 401,
  login_refused: 401,
  permission_denied: 403,
  validation_failed: 400,
  conflict: 409,
  too_many_connections: 503,
  too_many_requests: 429,
  draining: 503,
  // what the origin did
  origin_unreachable: 502,
  origin_reset: 502,
  origin_invalid: 502,
  origin_truncated: 502,
  origin_timeout: 504,
  origin_busy: 503,
  loop_detected: 508,
  breaker_open: 503,
  // what we did
  client_gone: 499,
  lagging_reader: 500,
  config_invalid: 500,
  port_in_use: 500,
  data_dir_unwritable: 500,
  data_dir_locked: 500,
  gateway_unavailable: 503,
  storage_unavailable: 503,
  sign_on_unavailable: 502,
  database_refused: 500,
  internal: 500,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

export class PitwallError extends Error {
  readonly code: ErrorCode;
  /** Seconds after which a retry makes sense, if known. */
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, detail: string, options: { cause?: unknown; retryAfter?: number } = {}) {
    super(detail, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'PitwallError';
    this.code = code;
    this.retryAfter = options.retryAfter;
  }
}

/** Whether `error` is one of ours, across module copies and threads. */
export function isPitwallError(error: unknown): error is PitwallError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code in ERROR_STATUS;
}

/** Turns anything thrown into one of ours. */
export function asPitwallError(error: unknown, code: ErrorCode = 'internal'): PitwallError {
  if (isPitwallError(error)) return error;
  return new PitwallError(code, error instanceof Error ? error.message : String(error), { cause: error });
}
