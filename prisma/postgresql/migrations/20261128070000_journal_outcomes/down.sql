-- Takes the migration back; nothing is lost: run it in one transaction, with Pitwall stopped.
DROP INDEX "journal_records_chain_of_number_idx";
CREATE INDEX "journal_records_chain_of_idx" ON "journal_records"("chain", "of");
DELETE FROM "_prisma_migrations" WHERE "migration_name" = '20261128070000_journal_outcomes';
