-- DropIndex
DROP INDEX "journal_records_chain_of_idx";

-- CreateIndex
CREATE INDEX "journal_records_chain_of_number_idx" ON "journal_records"("chain", "of", "number");
