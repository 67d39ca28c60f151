import { parse } from 'yaml';
import { expect, test } from 'vitest';
import { policyText } from '@/components/performance-dashboard/policy-text';
import { DEFAULT_POLICY, policySchema } from '@/lib/contracts/policy';

test('a policy reads as the configuration would say it', () => {
  const text = policyText({
    ...DEFAULT_POLICY,
    ttl: 90_000,
    staleIfError: 86_400_000,
    ignore: ['cookie'],
    tags: ['chat:{id}'],
  });
  expect(text).toContain('\n  ttl: 90s\n');
  expect(text).toContain('\n  staleIfError: 1d\n');
  expect(text).toContain('\n  maxEntry: 16MiB\n');
  expect(text).toContain('\n  timeouts:\n    connect: 5s\n');
});

test('what it reads is what runs', () => {
  const policy = {
    ...DEFAULT_POLICY,
    ttl: 1_500,
    staleWhileRevalidate: 61_000,
    staleIfError: 7_200_000,
    ignore: ['set-cookie'],
    keyHeaders: ['accept-language'],
    tags: ['a "quoted" one', '{id}'],
    maxEntry: 1_000_001,
    maxKeyBody: 0,
  };
  const { policy: written } = parse(policyText(policy)) as { policy: unknown };
  expect(policySchema.parse(written)).toEqual(policy);
});
