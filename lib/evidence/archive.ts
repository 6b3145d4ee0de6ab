import { Unzip, UnzipInflate } from "fflate";

/** What an archive may hold once unpacked. */
export const archiveLimits = { entries: 2000, bytes: 200 * 1024 * 1024, ratio: 100 } as const;

type Entry = { name: string; packed: number; unpacked: number; locked: boolean };

const end = 0x06054b50;
const central = 0x02014b50;

/** The directory of a ZIP; null when it has none that can be read. Archives beyond 4 GB or 65,535 entries are not read. */
export function entriesOf(bytes: Uint8Array): Entry[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const least = Math.max(0, bytes.length - 65_557);
  let at = bytes.length - 22;
  while (at >= least && view.getUint32(at, true) !== end) at--;
  if (at < least || at < 0) return null;
  const count = view.getUint16(at + 10, true);
  let from = view.getUint32(at + 16, true);
  const out: Entry[] = [];
  for (let i = 0; i < count; i++) {
    if (from + 46 > bytes.length || view.getUint32(from, true) !== central) return null;
    const [name, extra, comment] = [28, 30, 32].map((o) => view.getUint16(from + o, true));
    out.push({
      name: new TextDecoder().decode(bytes.subarray(from + 46, from + 46 + (name ?? 0))),
      packed: view.getUint32(from + 20, true),
      unpacked: view.getUint32(from + 24, true),
      locked: (view.getUint16(from + 8, true) & 1) === 1,
    });
    from += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return out;
}

/**
 * What is wrong with an archive, in words; null when it may be kept. Its directory is asked first, then it is unpacked up to the
 * limit, because a directory may lie.
 */
export function archiveFault(bytes: Uint8Array): string | null {
  const entries = entriesOf(bytes);
  if (!entries) return "The archive's directory cannot be read. Pack it again as a plain ZIP.";
  if (entries.length > archiveLimits.entries)
    return `The archive has ${entries.length} files; at most ${archiveLimits.entries} are kept. Send what shows it.`;
  if (entries.some((e) => e.locked))
    return "The archive is locked by a password and cannot be examined. Pack it without.";
  if (entries.some((e) => /\.(zip|7z|rar|gz|xz|bz2|tar|tgz)$/i.test(e.name)))
    return "The archive holds another archive. Unpack it and send its files.";
  const said = entries.reduce((sum, e) => sum + e.unpacked, 0);
  return tooBig(said, bytes.length) ?? tooBig(unpacked(bytes), bytes.length);
}

const tooBig = (unpackedBytes: number, packed: number): string | null =>
  unpackedBytes > archiveLimits.bytes ||
  (unpackedBytes > 10 * 1024 * 1024 && unpackedBytes > packed * archiveLimits.ratio)
    ? "The archive unpacks to far more than it is: it is not kept. Send its files one by one."
    : null;

/** How many bytes it really unpacks to, counted no further than the limit. A part that cannot be unpacked counts as none. */
function unpacked(bytes: Uint8Array): number {
  let sum = 0;
  const unzip = new Unzip((file) => {
    file.ondata = (error, chunk) => {
      if (!error) sum += chunk.length;
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  const step = 64 * 1024;
  for (let from = 0; from < bytes.length && sum <= archiveLimits.bytes; from += step)
    unzip.push(bytes.subarray(from, from + step), from + step >= bytes.length);
  return sum;
}
