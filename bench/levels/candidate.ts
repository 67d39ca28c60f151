/** A way to keep L3 on disk, as a gateway's thread sees it. */
export interface Candidate {
  write(key: string, body: Buffer): Promise<boolean>;
  read(key: string): Promise<Buffer | undefined>;
  close(): Promise<void>;
}

export type OpenCandidate = (directory: string, budgetBytes: number) => Promise<Candidate>;
