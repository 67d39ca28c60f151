import type { Probe } from '@/lib/contracts/onboarding';
import { formatLatency, withUnit } from '@/components/ui/format';
import { StateWord } from '@/components/ui/state';

const took = (ms: number): string => withUnit(formatLatency(ms));

/** What the probe found, in the order of the way there. */
export function ProbeResult({ probe }: { probe: Probe }) {
  if (!probe.reached) {
    return (
      <div className="mt-3">
        <StateWord state="bad" word={probe.why} className="whitespace-normal!" />
        <p className="text-text-2">{probe.next}</p>
      </div>
    );
  }
  const facts: readonly (readonly [string, string])[] = [
    ...(probe.dnsMs === null ? [] : [['Name', `${probe.address} in ${took(probe.dnsMs)}`] as const]),
    ['Connection', took(probe.tcpMs)],
    ...(probe.tlsMs === null ? [] : [['TLS', `${probe.tls ?? 'unknown'} in ${took(probe.tlsMs)}`] as const]),
    ['First byte', took(probe.firstByteMs)],
    ['Answer', `${probe.status} over HTTP/${probe.httpVersion}`],
    ['Cache-Control', probe.cacheControl ?? 'none'],
    ['Validator', probe.validator === null ? 'none' : probe.validator === 'etag' ? 'ETag' : 'Last-Modified'],
  ];
  return (
    <div className="mt-3">
      <StateWord state="good" word="Reached" />
      <dl className="mt-1 grid grid-cols-[112px_1fr] gap-x-3 gap-y-0.5">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-text-2">{name}</dt>
            <dd className="min-w-0 font-mono text-xs leading-5 break-words">{value}</dd>
          </div>
        ))}
      </dl>
      {probe.notes.map((note) => (
        <p key={note} className="mt-1 text-text-2">
          {note}
        </p>
      ))}
    </div>
  );
}
