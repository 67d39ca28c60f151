import { MessageChannel } from 'node:worker_threads';
import { createMessageControl, serveMessageControl } from '../../lib/gateway/message-control.ts';
import { startGateway } from '../../lib/gateway/thread.ts';
import { gatewayConfig, openGateway } from '../support/gateway.ts';
import { gatewayControlSuite } from '../suites/gateway-control.ts';

gatewayControlSuite('a message port within the thread', async (originUrl) => {
  const { port1, port2 } = new MessageChannel();
  const served = await openGateway(originUrl);
  serveMessageControl(port2, served.gateway);
  return {
    control: createMessageControl(port1),
    port: served.port,
    async kill() {
      port2.close();
      await served.close();
    },
  };
});

gatewayControlSuite('a gateway in a thread of its own', async (originUrl) => {
  const thread = await startGateway({
    config: gatewayConfig(originUrl),
    instance: 'test',
    worker: 0,
    host: '127.0.0.1',
    port: 0,
    reusePort: false,
  });
  return { control: thread.control, port: thread.port, kill: () => thread.close(0) };
});
