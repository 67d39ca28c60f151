import { crc32 } from 'node:zlib';
import { isIntact, sealDescription } from '../../entry-codec.ts';

/**
 * A record of a segment file: a head of 16 bytes in front of an entry as lib/cache/entry-codec writes it.
 * The head: "PWR", a version, the record's id as a little-endian double, the CRC-32 of these 12 bytes. The id ties the
 * record to its row of the index: a row that damage made point elsewhere finds another id.
 */
export const RECORD_HEAD = 16;
const MAGIC = 'PWR';
const VERSION = 1;
const ID_AT = 4;
const CRC_AT = 12;

/** Where a removed record is made unreadable, and with what. */
export const SPOILED: Buffer = Buffer.alloc(4);

/** A record with room for its head, around a description and a body, which are copied. */
export function layRecord(description: Uint8Array, body: Uint8Array): Buffer<ArrayBuffer> {
  const record = Buffer.from(new ArrayBuffer(RECORD_HEAD + description.length + body.length));
  record.set(description, RECORD_HEAD);
  record.set(body, RECORD_HEAD + description.length);
  return record;
}

/** Writes the head and the entry's checksum. About 1 ms per 2 MiB. */
export function sealRecord(record: Buffer, id: number, bodyAt: number): void {
  record.write(MAGIC, 0, 'latin1');
  record[3] = VERSION;
  record.writeDoubleLE(id, ID_AT);
  record.writeUInt32LE(crc32(record.subarray(0, CRC_AT)), CRC_AT);
  sealDescription(record.subarray(RECORD_HEAD, bodyAt), record.subarray(bodyAt));
}

/** Whether the head is that of the record with this id. */
export function isHeadOf(record: Buffer, id: number): boolean {
  return (
    record.length >= RECORD_HEAD &&
    record.toString('latin1', 0, 3) === MAGIC &&
    record[3] === VERSION &&
    record.readDoubleLE(ID_AT) === id &&
    record.readUInt32LE(CRC_AT) === crc32(record.subarray(0, CRC_AT))
  );
}

/** Whether this is the whole record with this id, unharmed. About 1 ms per 2 MiB. */
export function isWhole(record: Buffer, id: number): boolean {
  return isHeadOf(record, id) && isIntact(record.subarray(RECORD_HEAD));
}
