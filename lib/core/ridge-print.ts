/** One bar of a print, in units of a seventh of the height: from `top` (0 to 3) to `bottom` (4 to 7). */
export type Ridge = { top: number; bottom: number };

/**
 * The ridge print of a hash (hex, or base64 as in `SHA256:…`): 5 bars for a key, 9 for a statement. Each bar takes two bytes,
 * their lowest two bits. It helps people recognise and never replaces the fingerprint: 5 bars hold 20 bits.
 */
export function ridgePrint(hash: string, bars: 5 | 9): Ridge[] {
  const bytes = bytesOf(hash);
  if (bytes.length < bars * 2) throw new Error(`A print of ${bars} bars needs a hash of at least ${bars * 2} bytes.`);
  return Array.from({ length: bars }, (_, i) => ({
    top: (bytes[2 * i] ?? 0) % 4,
    bottom: 4 + ((bytes[2 * i + 1] ?? 0) % 4),
  }));
}

function bytesOf(hash: string): number[] {
  if (/^([0-9a-f]{2})+$/i.test(hash)) return (hash.match(/../g) ?? []).map((h) => Number.parseInt(h, 16));
  const text = hash
    .replace(/^SHA256:/, "")
    .replaceAll("-", "+")
    .replaceAll("_", "/");
  return [...atob(text)].map((c) => c.charCodeAt(0));
}
