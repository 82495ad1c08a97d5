// SPDX-License-Identifier: Apache-2.0
import { digestOf } from '../digest-file.ts'
import { notReadReasons } from '../not-read-reasons.ts'
import type { ReadPlace } from '../read-csv.ts'
import type { ReadEvent } from '../source-events.ts'
import type { ReadSetting } from '../source-limits.ts'
import { recogniseText } from './recognise-text.ts'
import { documentDataSet, textDataSet } from './text-data-sets.ts'
import { wholeFile } from './whole-file.ts'

/** Reads the text in a picture (PNG, JPEG) by recognition, offline. What the picture shows beside text is not read; a picture without any text is listed. Refuses pictures of too many pixels before they are unpacked. */
export async function* readImage(at: ReadPlace, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  const bytes = wholeFile(at, setting)
  const text = await recogniseText(bytes, at.place, setting)
  yield { kind: 'source', source: digestOf(at, 'image', setting) }
  const read = { at, setting, name: at.name, kind: 'image', unit: 'page', isPicture: true } as const
  if (text === '') yield { kind: 'notRead', where: at.place, why: notReadReasons.pictureWithoutText }
  else if (setting.documents === 'whole') yield* documentDataSet(read, at.firstDataSet, [{ place: 1, text }])
  else yield* textDataSet(read, at.firstDataSet, [{ place: 1, text }])
}
