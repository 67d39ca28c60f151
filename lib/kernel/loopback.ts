const IPV4_LOOPBACK = /^127\.(?:\d{1,3}\.){2}\d{1,3}$/;

/** Whether `host` (an address or a name without port, lower case) can only mean this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || IPV4_LOOPBACK.test(host);
}
