import type { GatewaySnapshot, SnapshotWants } from '../contracts/control.ts';
import type { ExplainAnswer, ExplainQuery, Explanation } from '../contracts/explain.ts';
import { masked } from './masked-explanation.ts';
import { PitwallError, type ErrorCode } from '../kernel/errors.ts';

/** What every worker of the fleet would do with a request. */
export interface Explanations {
  /**
   * Rejects with `gateway_unavailable` where no gateway answers, and with what the gateway would refuse the request with.
   *
   * @param whole whether what is stored of sensitive routes is shown
   */
  explain(query: ExplainQuery, whole: boolean): Promise<ExplainAnswer>;
}

/** @param answering the workers that answer; rejects where none does */
export function createExplanations(answering: (wants: SnapshotWants) => Promise<GatewaySnapshot[]>): Explanations {
  return {
    async explain({ url, method, header }, whole) {
      const snapshots = await answering({ explain: { url, method, headers: header } });
      const explained = snapshots.flatMap((snapshot) => snapshot.explained ?? []);
      const workers = explained.flatMap((answer) => ('explanation' in answer ? answer.explanation : []));
      if (workers.length > 0)
        return { agree: agree(workers, snapshots.length), workers: whole ? workers : workers.map(masked) };
      const refused = explained.find((answer) => 'code' in answer);
      if (refused !== undefined) throw new PitwallError(refused.code as ErrorCode, refused.message);
      // Workers of before an upgrade.
      throw new PitwallError('gateway_unavailable', 'No gateway worker that answers explains.', { retryAfter: 1 });
    },
  };
}

/** Whether all that were asked decide the same for the same key. Where a response is may differ. */
function agree(workers: readonly Explanation[], asked: number): boolean {
  const said = ({ service, route, mode, key, decision: { outcome, reason } }: Explanation): string =>
    JSON.stringify([service, route, mode, key, outcome, reason]);
  return workers.length === asked && new Set(workers.map(said)).size === 1;
}
