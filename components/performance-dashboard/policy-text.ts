const DURATIONS = new Set(['ttl', 'staleWhileRevalidate', 'staleIfError', 'connect', 'headers', 'idle']);
const SIZES = new Set(['maxKeyBody', 'maxEntry']);
type Units = readonly (readonly [unit: string, size: number])[];
const TIME: Units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
];
const SPACE: Units = [
  ['GiB', 1_073_741_824],
  ['MiB', 1_048_576],
  ['KiB', 1_024],
  ['B', 1],
];

/** In the largest unit in which a number is whole, as a configuration spells it. */
function spelled(value: number, units: Units): string {
  const [unit, size] = units.find(([, each]) => value !== 0 && value % each === 0) ?? ['', 1];
  return `${value / size}${unit}`;
}

function spell(key: string, value: unknown): string {
  if (typeof value === 'number' && DURATIONS.has(key)) return spelled(value, TIME);
  if (typeof value === 'number' && SIZES.has(key)) return spelled(value, SPACE);
  // JSON is YAML.
  return Array.isArray(value) ? `[${value.map((each) => JSON.stringify(each)).join(', ')}]` : JSON.stringify(value);
}

type Policy = Readonly<Record<string, unknown>>;

const linesOf = (policy: Policy, indent: string): string[] =>
  Object.entries(policy).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? [`${indent}${key}:`, ...linesOf(value as Policy, `${indent}  `)]
      : [`${indent}${key}: ${spell(key, value)}`],
  );

/** A running policy, every default filled in, as the YAML that would configure it. */
export const policyText = (policy: Policy): string => ['policy:', ...linesOf(policy, '  ')].join('\n');
