-- Takes the migration back, with the jobs that are stored: run it in one transaction, with Pitwall stopped.
DROP TABLE "jobs";
DELETE FROM "_prisma_migrations" WHERE "migration_name" = '20261121000000_jobs';
