/** The heap of the main thread of a process that runs with `--inspect`. */
export interface InspectedHeap {
  /** Bytes in use after a full collection. */
  used(): Promise<number>;
  close(): void;
}

/** @param url the ws:// URL that Node prints */
export async function inspectHeap(url: string): Promise<InspectedHeap> {
  const socket = new WebSocket(url);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error(`nothing to inspect at ${url}`)));
  });
  let asked = 0;
  const call = (method: string): Promise<{ usedSize?: number }> =>
    new Promise((resolve) => {
      const id = ++asked;
      socket.addEventListener('message', function hear({ data }) {
        const message = JSON.parse(String(data)) as { id?: number; result?: { usedSize?: number } };
        if (message.id !== id) return;
        socket.removeEventListener('message', hear);
        resolve(message.result ?? {});
      });
      socket.send(JSON.stringify({ id, method }));
    });
  return {
    async used() {
      await call('HeapProfiler.collectGarbage');
      await call('HeapProfiler.collectGarbage');
      const { usedSize } = await call('Runtime.getHeapUsage');
      if (usedSize === undefined) throw new Error('the heap has no size');
      return usedSize;
    },
    close: () => socket.close(),
  };
}
