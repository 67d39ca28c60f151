import { journalExportQuerySchema, journalExportSchema } from '@/lib/contracts/journal';
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
        'The newest 10,000 entries that the filters let through. Where there are more, the answer has the header Pitwall-More: true; narrow the time then.',
      errors: ['storage_unavailable'],
    },
    query: journalExportQuerySchema,
    response: journalExportSchema,
    async handler({ container, query: { format, ...filter }, headers }) {
      const { entries, more } = await container.journal.all(filter);
      if (more) headers.set('pitwall-more', 'true');
      headers.set('content-disposition', `attachment; filename="pitwall-journal.${format}"`);
      if (format === 'json') return entries;
      headers.set('content-type', 'text/csv; charset=utf-8');
      return journalCsv(entries);
    },
  }),
});
