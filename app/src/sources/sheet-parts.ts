// SPDX-License-Identifier: Apache-2.0
import type { ZipArchive } from './open-zip.ts'
import { relationsOf, scanPart } from './read-workbook.ts'
import { attribute } from './scan-xml.ts'

/** Which part holds which sheet; names are unique in a workbook. */
export async function partsOfSheets(zip: ZipArchive): Promise<Map<string, string>> {
  const workbook = (await relationsOf(zip, '')).find((relation) => relation.type === 'officeDocument')?.target ?? 'xl/workbook.xml'
  const relations = new Map((await relationsOf(zip, workbook)).map((relation) => [relation.id, relation.target]))
  const parts = new Map<string, string>()
  await scanPart(zip, workbook, {
    open: (name, attributes) => {
      if (name === 'sheet') parts.set(attribute(attributes, 'name') ?? '', relations.get(attribute(attributes, 'id') ?? '') ?? '')
    },
    close: () => undefined,
    text: () => undefined,
  })
  return parts
}
