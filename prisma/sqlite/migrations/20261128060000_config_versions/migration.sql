-- CreateTable
CREATE TABLE "config_texts" (
    "hash" TEXT NOT NULL PRIMARY KEY,
    "text" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "at" DATETIME NOT NULL
);

-- CreateIndex
CREATE INDEX "config_texts_at_idx" ON "config_texts"("at");

-- CreateIndex
CREATE INDEX "journal_records_action_at_idx" ON "journal_records"("action", "at");
