import type { GatewayEvent, GatewayTopic } from '../contracts/control.ts';

/** Who listens to which events; says when a topic gets its first listener and loses its last. */
export interface TopicListeners {
  /** Returns the function that ends it; only its first call counts. */
  add(topic: GatewayTopic, listener: (event: GatewayEvent) => void): () => void;
  tell(event: GatewayEvent): void;
  /** Topics that somebody listens to. */
  topics(): readonly GatewayTopic[];
}

export function createTopicListeners(onTurn: (topic: GatewayTopic, on: boolean) => void): TopicListeners {
  const listeners = new Map<GatewayTopic, Set<(event: GatewayEvent) => void>>();
  return {
    add(topic, listener) {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set);
      // one function may listen twice
      const own = (event: GatewayEvent): void => listener(event);
      set.add(own);
      if (set.size === 1) onTurn(topic, true);
      return () => {
        if (set.delete(own) && set.size === 0) onTurn(topic, false);
      };
    },
    tell(event) {
      for (const listener of listeners.get(event.type) ?? []) listener(event);
    },
    topics: () => [...listeners].filter(([, set]) => set.size > 0).map(([topic]) => topic),
  };
}
