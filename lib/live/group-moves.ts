import type { Change } from '../contracts/changes.ts';
import type { GatewayEvent } from '../contracts/control.ts';

/** Clears of one service within so many ms of the first are one change: clients make them, ten a second if they like. */
export const SAME_GROUPS_MS = 60_000;
/** Most names that a change tells. */
const TOLD = 10;

type GroupsCleared = Extract<GatewayEvent, { readonly type: 'groups-cleared' }>;

interface Move {
  readonly id: string;
  readonly at: number;
  readonly names: Set<string>;
  clears: number;
}

export interface GroupMovesOptions {
  put(change: Change): void;
  newId(): string;
}

/** Makes changes out of the clears that origins ask for; each service has one at a time. */
export function createGroupMoves({ put, newId }: GroupMovesOptions): (event: GroupsCleared) => void {
  const moves = new Map<string, Move>();

  return ({ service, origin, groups, clears, at }) => {
    const known = moves.get(service);
    const goesOn = known !== undefined && Math.abs(at - known.at) <= SAME_GROUPS_MS;
    const move: Move = goesOn ? known : { id: newId(), at, names: new Set(), clears: 0 };
    moves.set(service, move);
    move.clears += clears;
    for (const name of namesOf(origin, groups)) if (move.names.size < TOLD) move.names.add(name);
    put({
      id: move.id,
      at: move.at,
      kind: 'clear',
      service,
      tone: 'neutral',
      title: 'Groups cleared by the origin',
      detail: `Answers named in Cache-Group-Invalidation: ${[...move.names].join(', ')}. ${clearsText(move.clears)}`,
      instance: null,
      jobId: null,
    });
  };
}

function namesOf(origin: string | null, groups: readonly string[]): string[] {
  if (origin === null) return ['so many that all of the service was cleared'];
  return groups.length === 0
    ? [`so many that all of ${origin} was cleared`]
    : groups.map((group) => `${group} of ${origin}`);
}

const clearsText = (clears: number): string => (clears === 1 ? 'One clear.' : `${clears} clears within a minute.`);
