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
      description:
        'The next page is ?after= with what "next" of the page before says, and the same filters. With a text, a kind or an outcome, a page looks at the newest 50,000 records from there on: it may be short or empty, and "next" goes on behind them.',
      errors: ['storage_unavailable'],
    },
    query: journalQuerySchema,
    response: journalPageSchema,
    handler: ({ container, query }) => container.journal.page(query),
  }),
});
