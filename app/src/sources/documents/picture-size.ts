// SPDX-License-Identifier: Apache-2.0

/** Width and height of a PNG, JPEG or netpbm picture by its header; null when the header is none. */
export function pictureSize(bytes: Buffer): { width: number; height: number } | null {
  if (bytes.length >= 33 && bytes.toString('hex', 0, 8) === '89504e470d0a1a0a') return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
  if (bytes.length >= 4 && bytes.readUInt16BE(0) === 0xffd8) return jpegSize(bytes)
  const netpbm = /^P[56]\n(\d{1,7}) (\d{1,7})\n255\n/.exec(bytes.toString('latin1', 0, 40))
  return netpbm === null ? null : { width: Number(netpbm[1]), height: Number(netpbm[2]) }
}

/** ITU-T T.81 B.1: segments up to the frame header (SOF0–15 without DHT, JPG, DAC). */
function jpegSize(bytes: Buffer): { width: number; height: number } | null {
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1] ?? 0
    if (marker === 0xff) {
      at++
      continue
    }
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
    if (marker === 0xd8 || (marker >= 0xd0 && marker <= 0xd7) || marker === 0x01) at += 2
    else at += 2 + bytes.readUInt16BE(at + 2)
  }
  return null
}
