import { config } from 'zod';

// Imported before zod by every contract: a page's content security policy allows no eval, zod would try it, and Firefox
// tell of that on the page's console. Not re-exported from here: that would keep all of zod in the page.
if (typeof window !== 'undefined') config({ jitless: true });
