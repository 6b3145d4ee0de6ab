/** Exif's tag for how the picture is to be turned (Exif 2.32, section 4.6.4). */
const tag = 0x0112;

/**
 * How an Exif block says that the picture is to be turned: 2 to 8, or 1 when it says nothing that can be understood. Reads the
 * first directory only, which is where the tag stands.
 */
export function orientationIn(tiff: Uint8Array): number {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (view.byteLength < 14) return 1;
  const order = view.getUint16(0);
  const little = order === 0x4949;
  if ((!little && order !== 0x4d4d) || view.getUint16(2, little) !== 42) return 1;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return 1;
  const entries = view.getUint16(directory, little);
  for (let i = 0, at = directory + 2; i < entries && at + 12 <= view.byteLength; i++, at += 12) {
    if (view.getUint16(at, little) !== tag) continue;
    const turned = view.getUint16(at + 8, little);
    return turned >= 1 && turned <= 8 ? turned : 1;
  }
  return 1;
}

/** An Exif block that says how the picture is to be turned, and nothing else. */
export function exifOf(orientation: number): Uint8Array {
  const block = new DataView(new ArrayBuffer(26));
  block.setUint16(0, 0x4d4d);
  block.setUint16(2, 42);
  block.setUint32(4, 8);
  block.setUint16(8, 1);
  block.setUint16(10, tag);
  block.setUint16(12, 3);
  block.setUint32(14, 1);
  block.setUint16(18, orientation);
  return new Uint8Array(block.buffer);
}
