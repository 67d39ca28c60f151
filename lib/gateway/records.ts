import type { GatewayEvent, RequestRecord } from '../contracts/control.ts';
import type { GatewaySettings } from '../contracts/gateway-settings.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Redactor } from '../kernel/redact.ts';
import { createAccessLog } from './access-log.ts';

/** Lines held for the tail between two batches; more are counted as dropped. */
const MAX_BATCH = 500;
const BATCH_MS = 100;

export type RecordSink = (record: RequestRecord) => void;

/** Who wants a line per request: the access log, the tail, both or nobody. */
export interface Records {
  /** Undefined while nobody does, so that the hot path makes no line. */
  readonly sink: RecordSink | undefined;
  tail(on: boolean): void;
  reopen(): void;
  close(): Promise<void>;
}

export interface RecordsDeps {
  readonly settings: GatewaySettings['accessLog'];
  /** Takes secrets out of URLs. */
  readonly redactor: Pick<Redactor, 'url'>;
  readonly random: () => number;
  readonly logger: Logger;
  emit(event: GatewayEvent): void;
}

/** @throws PitwallError when the access log can't be opened */
export function createRecords({ settings, redactor, random, logger, emit }: RecordsDeps): Records {
  /** What leaves the gateway. Made of lines that are written or sent, not of every request. */
  const shown = (record: RequestRecord): RequestRecord => {
    const path = redactor.url(record.path);
    return path === record.path ? record : { ...record, path };
  };
  const log = settings && createAccessLog({ ...settings, shown, random, onError: (message) => logger.error(message) });
  let batch: RequestRecord[] | undefined;
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;

  const write: RecordSink = (record) => {
    log?.write(record);
    if (batch === undefined) return;
    if (batch.length < MAX_BATCH) batch.push(record);
    else dropped++;
  };

  function flush(): void {
    if (batch === undefined || batch.length + dropped === 0) return;
    emit({ type: 'requests', records: batch.map(shown), dropped });
    batch = [];
    dropped = 0;
  }

  return {
    get sink() {
      return log !== undefined || batch !== undefined ? write : undefined;
    },
    tail(on) {
      clearInterval(timer);
      batch = on ? (batch ?? []) : undefined;
      if (on) timer = setInterval(flush, BATCH_MS).unref();
    },
    reopen: () => log?.reopen(),
    async close() {
      clearInterval(timer);
      await log?.close();
    },
  };
}
