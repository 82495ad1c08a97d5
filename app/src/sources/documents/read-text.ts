// SPDX-License-Identifier: Apache-2.0
import { chunksOf, surveyText } from '../decode-text.ts'
import type { TextSurvey } from '../decode-text.ts'
import type { ReadPlace } from '../read-csv.ts'
import type { ReadEvent } from '../source-events.ts'
import type { ReadSetting } from '../source-limits.ts'
import { sourceFailures } from '../sources-failures.ts'
import { documentDataSet } from './text-data-sets.ts'
import type { TextPiece } from './text-data-sets.ts'

/** Reads a text file: a line is a row, in the encodings of CSV (strict UTF-8, then strict GB18030, UTF-16 by its mark). Refuses an encoding that does not fit the whole file, and lines beyond the limit of a cell. */
export async function* readText(at: ReadPlace, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  const survey = surveyText(at.fd, at.place, setting.encoding, setting.alive)
  yield { kind: 'source', source: { index: at.source, path: at.path, place: at.place, kind: 'text', bytes: survey.bytes, sha256: survey.sha256, encoding: survey.encoding } }
  yield* documentDataSet({ at, setting, name: at.name, kind: 'text', unit: 'line' }, at.firstDataSet, lines(at, survey, setting))
}

/** Text of a whole file in pieces; what is no character of its encoding is refused, since it could hide what stands there. */
export function* decodedPieces(at: ReadPlace, survey: TextSurvey): Generator<string> {
  const decoder = new TextDecoder(survey.encoding === 'latin1' ? 'windows-1252' : survey.encoding, { fatal: true })
  let bytes = 0
  try {
    for (const chunk of chunksOf(at.fd)) {
      const text = decoder.decode(chunk, { stream: true })
      bytes += chunk.length
      yield text
    }
    yield decoder.decode()
  } catch (error) {
    if (error instanceof TypeError) throw sourceFailures.ENCODING_UNKNOWN({ where: at.place, at: bytes }, { cause: error })
    throw error
  }
}

function* lines(at: ReadPlace, survey: TextSurvey, setting: ReadSetting): Generator<TextPiece> {
  let rest = ''
  let place = 0
  for (const piece of decodedPieces(at, survey)) {
    const parts = (rest + piece).split(/\r\n|\n|\r(?!$)|\f/)
    rest = parts.pop() ?? ''
    for (const text of parts) yield { place: ++place, text }
    if (rest.length > setting.limits.cellCharsMax) throw sourceFailures.CELL_TOO_LONG({ where: at.place, row: place + 1, limit: setting.limits.cellCharsMax })
    setting.alive()
  }
  yield { place: ++place, text: rest.replace(/\r$/, '') }
}
