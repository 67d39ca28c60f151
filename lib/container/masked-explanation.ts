import type { Explanation, ExplainStep } from '../contracts/explain.ts';

const NOT_SHOWN = '(not shown)';
/** Steps whose reasons are of the question, of the route or of Pitwall: nothing in them was stored. */
const OPEN: ReadonlySet<ExplainStep['step']> = new Set([
  'request',
  'route',
  'key',
  'l1',
  'l2',
  'l3',
  'age',
  'freshness',
  'sharing',
  'breaker',
]);

/** An explanation without what a sensitive route has stored: tags, selecting values, validators, texts of headers. */
export function masked(explanation: Explanation): Explanation {
  if (explanation.sensitive !== true) return explanation;
  return {
    ...explanation,
    variants: explanation.variants.map((variant) => ({
      ...variant,
      tags: [],
      vary: variant.vary.map((header) => ({ ...header, stored: NOT_SHOWN })),
    })),
    steps: explanation.steps.map(maskedStep),
  };
}

function maskedStep(step: ExplainStep): ExplainStep {
  if (OPEN.has(step.step)) return step;
  const { because, ...rest } = step;
  return {
    ...rest,
    // What the origin is asked for has the validators of what is stored.
    ...(step.step === 'origin' && { says: 'Asks the origin.' }),
    ...(because && { because: { ...because, text: NOT_SHOWN } }),
  };
}
