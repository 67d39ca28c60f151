'use client';

import { useContext, useEffect, useReducer, useRef } from 'react';
import { io, type Socket } from 'socket.io-client';
import {
  LIVE_NAMESPACE,
  overviewSchema,
  overviewTickSchema,
  type Overview,
  type OverviewTick,
  type Watch,
} from '../lib/contracts/overview';
import { changeSchema, type Change } from '../lib/contracts/changes';
import { LiveChannelContext } from './live-channel';
import { nextLiveState, type LiveState } from './live-state';

/** ms without a connection after which it counts as lost; it is tried on, all the same. */
const GIVE_UP = 30_000;
/** ms without a tick after which a connection that looks alive is opened anew. */
const SILENCE = 6_000;

export interface LiveHandlers {
  readonly onOverview: (overview: Overview) => void;
  readonly onTick: (tick: OverviewTick) => void;
  readonly onChange: (change: Change) => void;
}

export interface LiveOptions {
  /** Where the socket server is; the page's own origin when left out. */
  readonly url?: string;
  readonly giveUpMs?: number;
  readonly silenceMs?: number;
}

/**
 * The only socket client of the console: watches one overview, and watches again after every reconnection. The live
 * requests of the page come over the same socket (LiveChannel).
 * Messages that break the contract are dropped: the next overview repairs them.
 */
export function useLive(watch: Watch, handlers: LiveHandlers, options: LiveOptions = {}): LiveState {
  const { url = '', giveUpMs = GIVE_UP, silenceMs = SILENCE } = options;
  const [state, dispatch] = useReducer(nextLiveState, { status: 'connecting' });
  const socket = useRef<Socket | null>(null);
  const channel = useContext(LiveChannelContext);
  const latest = useRef({ watch, handlers });

  useEffect(() => {
    latest.current = { watch, handlers };
  });

  useEffect(() => {
    const opened = io(url + LIVE_NAMESPACE, { reconnectionDelayMax: 5_000, timeout: 10_000, forceNew: true });
    socket.current = opened;
    let giveUp: ReturnType<typeof setTimeout> | undefined;
    let silence: ReturnType<typeof setTimeout> | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;

    const patience = (why: string) => {
      giveUp ??= setTimeout(() => dispatch({ type: 'given-up', at: Date.now(), why }), giveUpMs);
    };
    const comeBack = () => {
      clearTimeout(again);
      again = setTimeout(() => opened.connect(), 2_000);
    };
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => opened.disconnect().connect(), silenceMs);
    };

    opened.on('connect', () => {
      clearTimeout(giveUp);
      giveUp = undefined;
      dispatch({ type: 'connected' });
      opened.emit('watch', latest.current.watch);
      heard();
    });
    opened.on('disconnect', (reason) => {
      clearTimeout(silence);
      dispatch({ type: 'dropped', at: Date.now() });
      patience('The connection to Pitwall broke.');
      // The client doesn't come back by itself when the server asked it to leave.
      if (reason === 'io server disconnect') comeBack();
    });
    opened.on('connect_error', () => {
      patience('Pitwall’s live channel can’t be reached.');
      // Nor when the server refused it, as it does when too many are connected.
      if (!opened.active) comeBack();
    });
    opened.on('overview', (message: unknown) => {
      heard();
      const parsed = overviewSchema.safeParse(message);
      if (parsed.success) latest.current.handlers.onOverview(parsed.data);
    });
    opened.on('tick', (message: unknown) => {
      heard();
      const parsed = overviewTickSchema.safeParse(message);
      if (parsed.success) latest.current.handlers.onTick(parsed.data);
    });
    opened.on('change', (message: unknown) => {
      const parsed = changeSchema.safeParse(message);
      if (parsed.success) latest.current.handlers.onChange(parsed.data);
    });
    const detach = channel?.attach(opened);

    return () => {
      detach?.();
      clearTimeout(giveUp);
      clearTimeout(silence);
      clearTimeout(again);
      opened.removeAllListeners();
      opened.disconnect();
      socket.current = null;
    };
  }, [url, giveUpMs, silenceMs, channel]);

  const { service, route, range } = watch;
  useEffect(() => {
    if (socket.current?.connected) socket.current.emit('watch', { service, route, range });
  }, [service, route, range]);

  return state;
}
