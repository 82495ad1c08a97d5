// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InformationType } from '../../detection/index.ts'
import { dayOf } from '../../kit/time.ts'
import { checkQuality, type KnownTable, type QualityFinding, type QualityReport } from './index.ts'

/** A folder for the files of a test, with a way to check them. */
export interface QualityFolder {
  path(name: string): string
  write(name: string, text: string | Uint8Array): string
  remove(): void
}

/** Makes a folder for a test. */
export function qualityFolder(): QualityFolder {
  const folder = mkdtempSync(join(tmpdir(), 'quality-'))
  const path = (name: string): string => join(folder, name)
  return {
    path,
    write: (name, text) => {
      writeFileSync(path(name), text)
      return path(name)
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** The ID number of nobody (county 110199 was never assigned), with a right check digit. */
export function inventedId(birth: string, isMale: boolean, sequence = 1): string {
  const body = `110199${birth.replaceAll('-', '')}${String(sequence).padStart(2, '0')}${isMale ? 1 : 2}`
  return body + ('10X98765432'[[...body].reduce((sum, digit, i) => sum + Number(digit) * (weights[i] ?? 0), 0) % 11] ?? '')
}

/** The day against which tests check. */
export const testDay = dayOf('2026-11-21')

/** Checks files whose tables are known, and keeps every finding. */
export async function checkFiles(paths: readonly string[], tables: readonly KnownTable[]): Promise<{ report: QualityReport; findings: QualityFinding[] }> {
  const findings: QualityFinding[] = []
  const report = await checkQuality({ paths, tables, today: testDay, staleYears: 3, found: (found) => void findings.push(...found) })
  return { report, findings }
}

/** A table of one file with these types. */
export function tableOf(name: string, types: readonly InformationType[]): KnownTable {
  return { source: name, name, types }
}
