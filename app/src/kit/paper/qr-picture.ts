// SPDX-License-Identifier: Apache-2.0
import { crc32, deflateSync } from 'node:zlib'
import { encodeQr } from './encode-qr.rules.ts'

const quiet = 4 // modules of white around the code (ISO/IEC 18004)

/** The code as SVG for the typesetter: one path, light ground. */
export function qrSvg(text: string): string {
  const rows = encodeQr(text)
  const side = rows.length + 2 * quiet
  const dark = rows.flatMap((row, r) => row.flatMap((isDark, c) => (isDark ? [`M${c + quiet} ${r + quiet}h1v1h-1z`] : []))).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${side}" height="${side}"><rect width="${side}" height="${side}" fill="#fff"/><path d="${dark}" fill="#000"/></svg>`
}

/** The code as PNG (8-bit grey, a whole number of dots a module) for word processors. */
export function qrPng(text: string, dots = 6): Buffer {
  const rows = encodeQr(text)
  const side = (rows.length + 2 * quiet) * dots
  const raw = Buffer.alloc(side * (side + 1), 0xff)
  for (let y = 0; y < side; y++) {
    raw[y * (side + 1)] = 0
    for (let x = 0; x < side; x++) if (rows[Math.floor(y / dots) - quiet]?.[Math.floor(x / dots) - quiet] === true) raw[y * (side + 1) + 1 + x] = 0
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  head.set([8, 0, 0, 0, 0], 8)
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', deflateSync(raw, { level: 9 })), chunk('IEND', Buffer.alloc(0))])
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  out.set(body, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}
