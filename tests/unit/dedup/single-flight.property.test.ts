import fc from 'fast-check';
import { it } from 'vitest';
import { tick, World, type Habit, type Step } from './flight-world.ts';

const index = fc.nat(30);
const habit = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Habit>('none') },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Habit>(
      'leaves',
      'throws',
      'resumes',
      'sends-another-away',
      'brings-a-friend',
      'source-speaks',
    ),
  },
);
const request = fc.record({
  type: fc.constant('request' as const),
  key: fc.nat(1),
  facts: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  appetite: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
  habit,
  habitAt: fc.nat(4),
  keepAlone: fc.boolean(),
  manners: fc.boolean(),
});
const head = fc.record({
  type: fc.constant('head' as const),
  flight: index,
  shares: fc.oneof(
    { weight: 4, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constantFrom(false, undefined) },
  ),
  store: fc.boolean(),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: request },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('refresh' as const), key: fc.nat(1), manners: fc.boolean() }),
  },
  { weight: 4, arbitrary: head },
  {
    weight: 12,
    arbitrary: fc.record({ type: fc.constant('data' as const), flight: index, size: fc.integer({ min: 1, max: 25 }) }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('end' as const, 'fail' as const), flight: index }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constantFrom('resume' as const, 'leave' as const), reader: index }) },
  { weight: 3, arbitrary: fc.constant({ type: 'tick' as const }) },
);

it(
  'keeps its promises whatever leaders, followers and origins do, in whatever order',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
        const world = new World();
        for (const each of steps) {
          world.step(each);
          // A refresh has its leader in its own tick or none.
          if (each.type === 'tick' || each.type === 'refresh') await tick();
        }
        await world.finish();
      }),
      { numRuns: 1_500 },
    );
  },
);
