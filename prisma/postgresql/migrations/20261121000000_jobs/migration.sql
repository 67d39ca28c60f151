-- CreateTable
CREATE TABLE "jobs" (
    "id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "priority" INTEGER NOT NULL,
    "done" DOUBLE PRECISION NOT NULL,
    "total" DOUBLE PRECISION,
    "unit" TEXT NOT NULL,
    "outcomes" TEXT NOT NULL,
    "created_at" TIMESTAMP(3) NOT NULL,
    "started_at" TIMESTAMP(3),
    "ended_at" TIMESTAMP(3),
    "restarts" INTEGER NOT NULL,
    "error" TEXT,
    "input" TEXT NOT NULL,
    "result" TEXT,
    "checkpoint" TEXT,

    CONSTRAINT "jobs_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "jobs_created_at_id_idx" ON "jobs"("created_at", "id");

-- CreateIndex
CREATE INDEX "jobs_state_created_at_idx" ON "jobs"("state", "created_at");

-- CreateIndex
CREATE INDEX "jobs_ended_at_idx" ON "jobs"("ended_at");
