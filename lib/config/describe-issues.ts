import type { z } from 'zod';
import type { Fault } from './faults.ts';
import { settingsAt } from './json-schema.ts';
import { nearest } from './nearest.ts';

type Issue = z.core.$ZodIssue;

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : `the ${typeof value} ${JSON.stringify(value)}`;
}

const KINDS: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
};

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], input);
}

function bound(issue: { origin: string; inclusive?: boolean | undefined }, limit: string, more: boolean): string {
  if (issue.origin === 'array') return `expected at ${more ? 'least' : 'most'} ${limit} of them`;
  if (issue.origin === 'string') return `expected at ${more ? 'least' : 'most'} ${limit} characters`;
  if (issue.inclusive === false) return `expected ${more ? 'more' : 'less'} than ${limit}`;
  return `expected at ${more ? 'least' : 'most'} ${limit}`;
}

/** zod's own texts speak of schemas; these speak of settings. Texts of the contract pass unchanged. */
function describe(issue: Issue, input: unknown): string {
  switch (issue.code) {
    case 'invalid_type': {
      const value = valueAt(input, issue.path);
      if (value === undefined) return 'is missing';
      // What is meant as a secret is never quoted.
      if (issue.path.at(-1) === 'explainToken') return `expected ${KINDS[issue.expected] ?? issue.expected} in quotes`;
      return `expected ${KINDS[issue.expected] ?? issue.expected}, got ${kindOf(value)}`;
    }
    case 'invalid_value':
      return `expected one of ${issue.values.map(String).join(', ')}, got ${kindOf(valueAt(input, issue.path))}`;
    case 'too_small':
      return issue.message.startsWith('Too small') ? bound(issue, String(issue.minimum), true) : issue.message;
    case 'too_big':
      return issue.message.startsWith('Too big') ? bound(issue, String(issue.maximum), false) : issue.message;
    case 'invalid_format':
      return issue.message.startsWith('Invalid string: must start with')
        ? `expected a text that starts with "${'prefix' in issue ? String(issue.prefix) : ''}"`
        : issue.message;
    default:
      return issue.message;
  }
}

/**
 * The schema's issues as faults in plain words; a setting that doesn't exist comes with the nearest one that does.
 * @param input what was parsed
 */
export function describeIssues(issues: readonly Issue[], input: unknown): Fault[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: describe(issue, input) }];
    const known = settingsAt(issue.path);
    return issue.keys.map((key) => {
      const suggestion = nearest(key, known);
      const hint = suggestion === undefined ? `there are ${known.join(', ')}` : `did you mean "${suggestion}"?`;
      return { path: [...issue.path, key], message: `there is no such setting; ${hint}` };
    });
  });
}
