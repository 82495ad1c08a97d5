// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { getDocumentProxy } from 'unpdf'
import type { ReadPlace } from '../read-csv.ts'
import type { ReadSetting } from '../source-limits.ts'
import { sourceFailures } from '../sources-failures.ts'

/** A PDF that pdf.js has opened. */
export type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>
/** A page of it. */
export type PdfPage = Awaited<ReturnType<PdfDocument['getPage']>>

const OPEN_MS = 20_000

/** Character maps of predefined encodings (ISO 32000-1 §9.7.5.2) from our own folder; nothing else is handed out, and nothing is ever fetched. */
class LocalCMaps {
  fetch(asked: { kind: string; filename: string }): Promise<Uint8Array> {
    if (asked.kind !== 'cMapUrl' || !/^[\w-]{1,40}\.bcmap$/.test(asked.filename)) return Promise.reject(new Error('not at hand'))
    try {
      return Promise.resolve(new Uint8Array(readFileSync(new URL(`./pdf-cmaps/${asked.filename}`, import.meta.url))))
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error('not at hand'))
    }
  }
}

/** Opens a PDF without evaluation, system fonts or network; the bytes are pdf.js's from then on. Refuses encrypted and broken files. */
export async function openPdf(at: ReadPlace, bytes: Buffer, setting: ReadSetting): Promise<PdfDocument> {
  setting.alive(OPEN_MS)
  try {
    return await getDocumentProxy(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), {
      useSystemFonts: false, disableFontFace: true, useWorkerFetch: false, stopAtErrors: false, maxImageSize: setting.limits.pixelsMax, verbosity: 0, BinaryDataFactory: LocalCMaps, cMapUrl: 'pdf-cmaps/', cMapPacked: true,
    })
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') throw sourceFailures.ENCRYPTED_FILE({ where: at.place }, { cause: error })
    throw sourceFailures.DOCUMENT_CORRUPT({ where: at.place, why: `PDF ${error instanceof Error ? error.name : ''}` }, { cause: error })
  }
}
