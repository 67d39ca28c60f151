-- Takes the migration back, with the texts of configurations that ran: run it in one transaction, with Pitwall stopped.
DROP INDEX "journal_records_action_at_idx";
DROP TABLE "config_texts";
DELETE FROM "_prisma_migrations" WHERE "migration_name" = '20261128060000_config_versions';
