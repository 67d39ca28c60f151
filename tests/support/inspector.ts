/** A worker thread as Node's own inspector shows it. */
export interface InspectedWorker {
  readonly title: string;
  /** Runs an expression inside the worker; what it returns isn't awaited. */
  run(expression: string): void;
}

export interface Inspector {
  readonly workers: readonly InspectedWorker[];
  close(): void;
}

interface Message {
  method?: string;
  params?: { sessionId?: string; workerInfo?: { title?: string; url?: string } };
}

/**
 * Attaches to the worker threads of a process that runs with `--inspect`: the honest way to crash one from
 * outside, since a thread can't be killed and the product has no switch for it.
 *
 * @param url the ws:// URL that Node prints
 */
export async function attachInspector(url: string): Promise<Inspector> {
  const socket = new WebSocket(url);
  const workers: InspectedWorker[] = [];
  let id = 0;
  const send = (method: string, params: object): void => socket.send(JSON.stringify({ id: ++id, method, params }));
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error(`nothing to inspect at ${url}`)));
  });
  socket.addEventListener('message', ({ data }) => {
    const { method, params } = JSON.parse(String(data)) as Message;
    if (method !== 'NodeWorker.attachedToWorker' || params?.sessionId === undefined) return;
    const { sessionId, workerInfo } = params;
    workers.push({
      title: `${workerInfo?.title ?? ''} ${workerInfo?.url ?? ''}`,
      run: (expression) =>
        send('NodeWorker.sendMessageToWorker', {
          sessionId,
          message: JSON.stringify({ id: ++id, method: 'Runtime.evaluate', params: { expression } }),
        }),
    });
  });
  send('NodeWorker.enable', { waitForDebuggerOnStart: false });
  return { workers, close: () => socket.close() };
}
