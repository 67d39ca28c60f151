-- Takes the migration back, with people, sessions, tokens and the journal: run it in one transaction, with Pitwall stopped.
DROP TABLE "auth_sessions";
DROP TABLE "auth_accounts";
DROP TABLE "auth_verifications";
DROP TABLE "auth_tokens";
DROP TABLE "journal_records";
DROP TABLE "journal_subjects";
DROP TABLE "auth_users";
DELETE FROM "_prisma_migrations" WHERE "migration_name" = '20261128000000_access_and_journal';
