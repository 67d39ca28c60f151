import { config, z } from 'zod';

// A page's content security policy allows no eval: zod would try it, and Firefox tell of that on the page's console.
if (typeof window !== 'undefined') config({ jitless: true });

/** The only way to zod for what a browser runs too. */
export { z };
