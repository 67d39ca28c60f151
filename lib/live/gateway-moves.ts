import type { Change } from '../contracts/changes.ts';
import type { GatewayEvent } from '../contracts/control.ts';
import type { BreakerState } from '../contracts/traffic.ts';
import { createGroupMoves } from './group-moves.ts';
import { createTellers, type Teller, type Tellers } from './tellers.ts';

/** Within so many ms the same move of several workers is one change. */
export const SAME_MOVE_MS = 2_000;
/** Moves that are remembered, to be told as one with what comes later. */
const MOVES = 500;

/** Makes changes out of what gateway workers tell, each told once however many workers say it. */
export interface GatewayMoves {
  tell(event: GatewayEvent, from: Teller): void;
}

export interface GatewayMovesOptions {
  put(change: Change): void;
  newId(): string;
}

type BreakerMove = Extract<GatewayEvent, { readonly type: 'breaker' }>;
type ModeMove = Extract<GatewayEvent, { readonly type: 'mode' }>;
type LevelMove = Extract<GatewayEvent, { readonly type: 'level' }>;

interface Move {
  readonly id: string;
  readonly at: number;
  readonly why: string;
  readonly tellers: Tellers;
  /** Of a breaker that is open: probes that failed since. */
  trials: number;
}

type Words = Pick<Change, 'kind' | 'service' | 'tone' | 'title'> & { readonly detail: string };

export function createGatewayMoves({ put, newId }: GatewayMovesOptions): GatewayMoves {
  /** By what moved and whither, the newest move. */
  const moves = new Map<string, Move>();
  const groupsCleared = createGroupMoves({ put, newId });

  function remember(key: string, at: number, why: string): Move {
    const move: Move = { id: newId(), at, why, tellers: createTellers(), trials: 0 };
    moves.delete(key);
    moves.set(key, move);
    if (moves.size > MOVES) moves.delete(moves.keys().next().value as string);
    return move;
  }

  function say(move: Move, { detail, ...words }: Words): void {
    const trials = move.trials === 0 ? null : `Probes that failed since: ${move.trials}.`;
    const sentences = [detail, trials, move.tellers.words()].filter((sentence) => sentence !== null);
    put({
      id: move.id,
      at: move.at,
      ...words,
      detail: sentences.join(' '),
      instance: move.tellers.instance(),
      jobId: null,
    });
  }

  /** @param goesOn whether what is told now is the same as the newest move of this key */
  function tellMove(
    key: string,
    { at, why }: { at: number; why: string },
    from: Teller,
    goesOn: (move: Move) => boolean,
    words: (move: Move) => Words,
  ): void {
    const known = moves.get(key);
    const move = known !== undefined && goesOn(known) ? known : remember(key, at, why);
    move.tellers.add(from);
    say(move, words(move));
  }

  const soon =
    (at: number) =>
    (move: Move): boolean =>
      Math.abs(at - move.at) <= SAME_MOVE_MS;

  function breaker(event: BreakerMove, from: Teller): void {
    const { service, target, to } = event;
    // A trial of the breaker's own; what comes of it is told.
    if (to === 'half-open' && event.from !== 'held-open') return;
    const key = `breaker ${service} ${target}`;
    const opened = moves.get(`${key} open`);
    const known = opened?.tellers.has(from) === true;
    const sameOutage = soon(event.since);
    if (event.from === 'half-open' && to === 'open' && known && sameOutage(opened)) {
      opened.trials++;
      say(opened, breakerWords({ ...event, why: opened.why }, undefined));
      return;
    }
    const closes = to === 'closed' && event.from !== 'held-closed';
    const openMs = closes && known ? event.at - opened.at : undefined;
    const move = { at: event.since, why: event.why };
    tellMove(`${key} ${to}`, move, from, sameOutage, ({ why }) => breakerWords({ ...event, why }, openMs));
  }

  /** A worker that starts again takes the mode over: that's no new switch. */
  function mode(event: ModeMove, from: Teller): void {
    const key = `mode ${event.service}`;
    const same = (move: Move): boolean => move.why === `${event.to} ${event.why}`;
    tellMove(key, { at: event.at, why: `${event.to} ${event.why}` }, from, same, () => ({
      kind: 'mode',
      service: event.service,
      tone: event.to === 'cache' ? 'neutral' : 'watch',
      title: `Mode ${event.to}`,
      detail: `Was ${event.from}. ${sentence(event.why)}`,
    }));
  }

  function level(event: LevelMove, from: Teller): void {
    tellMove(`level ${event.to}`, event, from, soon(event.at), ({ why }) => ({
      kind: 'level',
      service: null,
      tone: event.to === 'ok' ? 'good' : 'watch',
      title: `${event.level.toUpperCase()} ${event.to === 'ok' ? 'works again' : event.to}`,
      detail: sentence(why),
    }));
  }

  return {
    tell(event, from) {
      if (event.type === 'breaker') breaker(event, from);
      else if (event.type === 'mode') mode(event, from);
      else if (event.type === 'level') level(event, from);
      else if (event.type === 'groups-cleared') groupsCleared(event);
    },
  };
}

const BREAKER: Readonly<Record<BreakerState, Pick<Change, 'tone' | 'title'>>> = {
  open: { tone: 'bad', title: 'Breaker opened' },
  closed: { tone: 'good', title: 'Breaker closed' },
  'half-open': { tone: 'watch', title: 'Breaker released' },
  'held-open': { tone: 'watch', title: 'Breaker held open' },
  'held-closed': { tone: 'watch', title: 'Breaker held closed' },
};

function breakerWords({ service, target, from, to, why }: BreakerMove, openMs: number | undefined): Words {
  const { tone, title } = from === 'held-closed' && to === 'closed' ? BREAKER['half-open'] : BREAKER[to];
  const after = openMs === undefined ? '' : ` Open for ${Math.max(1, Math.round(openMs / 1_000))} s.`;
  return { kind: 'breaker', service, tone, title, detail: `${target}: ${sentence(why)}${after}` };
}

/** With a full stop, once. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
