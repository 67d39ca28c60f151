import type { Explanation, ExplainStep } from '../contracts/explain.ts';
import type { Redactor } from '../kernel/redact.ts';
import { redactKey } from './redact-key.ts';

type Shown = Omit<Explanation, 'instance' | 'worker'>;

/** An explanation without the secrets of URLs and keys. */
export function redactExplanation(redactor: Redactor, told: Shown): Shown {
  const { key, steps } = told;
  return { ...told, key: key && redactKey(redactor, key), steps: redactSteps(redactor, steps) };
}

export function redactSteps(redactor: Redactor, steps: readonly ExplainStep[]): ExplainStep[] {
  return steps.map((step) => {
    const { says, because } = step;
    return {
      ...step,
      says: step.step === 'key' ? redactKey(redactor, says) : redactor.url(says),
      ...(because && { because: { ...because, text: redactor.url(because.text) } }),
    };
  });
}
