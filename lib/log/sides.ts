/**
 * On which side each hash of an inclusion proof stands while the root is computed upward (RFC 9162 section 2.1.3.2), or
 * null if a tree of `size` has no leaf `index`. Arithmetic only, shared by Node and the browser; exact up to 2^53.
 */
export function proofSides(index: number, size: number): ("left" | "right")[] | null {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return null;
  const sides: ("left" | "right")[] = [];
  // Not the bit operators: they cut to 32 bits.
  for (let node = index, last = size - 1; last > 0; ) {
    if (node % 2 === 1) sides.push("left");
    else if (node < last) sides.push("right");
    // else: the last node of a level without a sibling moves up unhashed
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return sides;
}
