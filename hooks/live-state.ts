/** The live connection. `since` and `lost.since` are wall ms. */
export type LiveState =
  | { readonly status: 'connecting' }
  | { readonly status: 'live' }
  | { readonly status: 'reconnecting'; readonly since: number }
  | { readonly status: 'lost'; readonly since: number; readonly why: string };

export type LiveEvent =
  | { readonly type: 'connected' }
  | { readonly type: 'dropped'; readonly at: number }
  | { readonly type: 'given-up'; readonly at: number; readonly why: string };

/** A connection that was never there stays 'connecting' until it is given up; one that was there keeps when it broke. */
export function nextLiveState(state: LiveState, event: LiveEvent): LiveState {
  switch (event.type) {
    case 'connected':
      return state.status === 'live' ? state : { status: 'live' };
    case 'dropped':
      return state.status === 'live' ? { status: 'reconnecting', since: event.at } : state;
    case 'given-up':
      if (state.status === 'live' || state.status === 'lost') return state;
      return { status: 'lost', since: state.status === 'reconnecting' ? state.since : event.at, why: event.why };
  }
}
