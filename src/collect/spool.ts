// Bytes that DuckDB cannot read where they are: standard input, and text in other encodings, copied to a folder.
import { createReadStream, createWriteStream, type ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DataError } from '../core/errors.ts';
import { type Encoding, isGzip } from './sniff.ts';

/** Bytes of a file that are looked at before it is read: enough for a header of some ten thousand names. */
const HEAD = 1 << 20;

/** The first bytes of a file, unpacked where it is gzipped. */
export async function readHead(path: string, label: string): Promise<{ bytes: Uint8Array; gzip: boolean }> {
  const file = await open(path);
  try {
    const raw = Buffer.alloc(HEAD);
    const { bytesRead } = await file.read(raw, 0, HEAD, 0);
    const bytes = raw.subarray(0, bytesRead);
    if (!isGzip(bytes)) return { bytes, gzip: false };
    return { bytes: await unpackHead(path, label), gzip: true };
  } finally {
    await file.close();
  }
}

async function unpackHead(path: string, label: string): Promise<Uint8Array> {
  const source: ReadStream = createReadStream(path);
  const unpacked = source.pipe(createGunzip());
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of unpacked) {
      parts.push(part as Buffer);
      size += (part as Buffer).length;
      if (size >= HEAD) break;
    }
  } catch (error) {
    throw new DataError(
      `${label} is a damaged gzip file (${(error as Error).message}); copy or pack it again.`,
    );
  } finally {
    source.destroy();
  }
  return Buffer.concat(parts);
}

/** Writes a stream to a file. */
export async function spool(source: Readable, path: string): Promise<void> {
  await pipeline(source, createWriteStream(path));
}

/** Copies a text file as UTF-8 with plain line feeds. */
export async function transcode(from: string, gzip: boolean, encoding: Encoding, to: string): Promise<void> {
  const decoder = new TextDecoder(encoding);
  let held = '';
  const recode = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const text = held + decoder.decode(chunk, { stream: true });
      // A carriage return at the end may be half of a pair.
      held = text.endsWith('\r') ? '\r' : '';
      done(null, Buffer.from(text.slice(0, text.length - held.length).replace(/\r\n?/g, '\n')));
    },
    flush(done) {
      done(null, Buffer.from((held + decoder.decode()).replace(/\r\n?/g, '\n')));
    },
  });
  const steps = gzip ? [createReadStream(from), createGunzip(), recode] : [createReadStream(from), recode];
  await pipeline([...steps, createWriteStream(to)]);
}
