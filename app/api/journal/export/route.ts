import { journalExportQuerySchema, journalFileSchema } from '@/lib/contracts/journal';
import { journalCsv } from '@/lib/http/journal-csv';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** The journal as a file. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'exportJournal',
      tag: 'Journal',
      summary: 'The journal as a file, CSV or JSON',
      description:
        'The newest entries that the filters let through, at most 10,000 and 16 MiB. Where there may be more, the file says so ("more", or the last row of a CSV), and the answer has the header Pitwall-More: true; narrow the time then. Downloads are in the journal.',
      errors: ['storage_unavailable'],
    },
    query: journalExportQuerySchema,
    response: journalFileSchema,
    // It shows who did what from where. A text may be somebody's name, which a record would keep for good.
    journal: { asked: (_body, { text, named: _named, ...filter }) => ({ ...filter, searched: text !== undefined }) },
    async handler({ container, query: { format, ...filter }, headers }) {
      const found = await container.journal.all(filter);
      if (found.more) headers.set('pitwall-more', 'true');
      headers.set('content-disposition', `attachment; filename="pitwall-journal.${format}"`);
      if (format === 'json') return found;
      headers.set('content-type', 'text/csv; charset=utf-8');
      return journalCsv(found);
    },
  }),
});
