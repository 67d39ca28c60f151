// Run where argv[2] is a file system of its own, of 2 MiB: fills it, reads on, makes room, and tells as JSON.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleEntry } from './sample-entry.ts';
import { entriesOf, openFixture, writeOf } from './disk-store.ts';

const BODY = 16_384;
const root = process.argv[2]!;
const ballast = join(root, 'ballast');
writeFileSync(ballast, Buffer.alloc(1_048_576));
const directory = join(root, 'l3');
mkdirSync(directory);

const first = openFixture(directory, { budgetBytes: 8 * 1_048_576 });
let written = 0;
const keyed = (i: number) => sampleEntry({ key: `key ${i}`, body: Buffer.alloc(BODY, i) });
const write = (fixture: typeof first): boolean => {
  const held = fixture.store.write(writeOf(keyed(written))) !== undefined;
  if (held) written += 1;
  if (written % 7 === 0) fixture.store.flush();
  return held;
};
const readable = (fixture: typeof first): number => {
  let found = 0;
  for (let i = 0; i < written; i += 1)
    if (entriesOf(fixture.store, `key ${i}`)[0]?.body.equals(keyed(i).body) === true) found += 1;
  return found;
};

while (write(first));
const full = { written, readable: readable(first), state: first.store.state };
first.clock.advance(9_999);
const paused = write(first);
first.clock.advance(1);
const stillFull = write(first);
rmSync(ballast);
first.clock.advance(9_999);
const pausedAgain = write(first);
first.clock.advance(1);
const room = { written: write(first), state: first.store.state, readable: readable(first) };
while (write(first));
const [fullAgain, said] = [readable(first), first.said.length];
const atFull = written;
first.store.close();
const second = openFixture(directory, { budgetBytes: 8 * 1_048_576 });
const afterRestart = { written: atFull, readable: readable(second), said: second.said };
second.store.close();
process.stdout.write(
  JSON.stringify({ full, paused, stillFull, pausedAgain, room, fullAgain, said, afterRestart }) + '\n',
);
