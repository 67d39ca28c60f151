import { journalPageSchema, journalQuerySchema } from '@/lib/contracts/journal';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Who did what, newest first, page by page. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'listJournal',
      tag: 'Journal',
      summary: 'Who did what, newest first, page by page',
      description: 'The next page is ?after= with what "next" of the page before says, and the same filters.',
      errors: ['storage_unavailable'],
    },
    query: journalQuerySchema,
    response: journalPageSchema,
    handler: ({ container, query }) => container.journal.page(query),
  }),
});
