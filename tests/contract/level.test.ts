import { createMemoryLevel } from '../../lib/cache/stores/memory-level.ts';
import { levelSuite } from '../suites/level.ts';

levelSuite('memory', (budgetBytes) => createMemoryLevel({ budgetBytes }));
