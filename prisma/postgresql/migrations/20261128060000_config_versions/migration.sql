-- CreateTable
CREATE TABLE "config_texts" (
    "hash" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "config_texts_pkey" PRIMARY KEY ("hash")
);

-- CreateIndex
CREATE INDEX "config_texts_at_idx" ON "config_texts"("at");

-- CreateIndex
CREATE INDEX "journal_records_action_at_idx" ON "journal_records"("action", "at");
