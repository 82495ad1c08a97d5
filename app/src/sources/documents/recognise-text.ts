// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { Failure } from '../../kit/failure.ts'
import type { ReadSetting } from '../source-limits.ts'
import { sourceFailures } from '../sources-failures.ts'
import { pictureSize } from './picture-size.ts'

const resolveHere = createRequire(import.meta.url)
const language = 'chi_sim' // its model knows Latin letters and digits as well
/** A page of 300 dpi has 9 million pixels and takes some ten seconds on a slow machine. */
const MS_AT_LEAST = 30_000
const PIXELS_PER_MS = 200
const SIDE_MIN = 8

/** The part of tesseract.js-core that is used: the recogniser itself, in this thread, without the workers, downloads and caches around it. */
interface Recogniser {
  write(path: string, bytes: Uint8Array): void
  open(): number
  recognise(): number
  text(): string
  clear(): void
}

const engine = z.custom<Record<string, unknown>>((value) => (typeof value === 'object' || typeof value === 'function') && value !== null)
const callable = z.custom<(...given: unknown[]) => unknown>((value) => typeof value === 'function')
let recogniserOnce: Promise<Recogniser> | null = null

/** The text in a picture, empty when there is none (tesseract, Chinese and Latin; nothing is fetched and nothing is written). Refuses pictures that are broken or have more pixels than the limit, by their header, before they are unpacked. */
export async function recogniseText(picture: Buffer, where: string, setting: ReadSetting): Promise<string> {
  const size = pictureSize(picture)
  if (size === null) throw sourceFailures.IMAGE_REFUSED({ where, why: '文件头无效 / header' })
  const pixels = size.width * size.height
  if (pixels > setting.limits.pixelsMax) throw sourceFailures.IMAGE_REFUSED({ where, why: `${size.width} × ${size.height} 像素,上限 ${setting.limits.pixelsMax} / pixels` })
  if (size.width < SIDE_MIN || size.height < SIDE_MIN) return ''
  setting.alive(MS_AT_LEAST + pixels / PIXELS_PER_MS)
  recogniserOnce ??= startRecogniser()
  const recogniser = await recogniserOnce
  try {
    recogniser.write('/input', picture)
    if (recogniser.open() !== 0 || recogniser.recognise() !== 0) throw sourceFailures.IMAGE_REFUSED({ where, why: '像素数据损坏 / pixel data' })
    return tidy(recogniser.text())
  } catch (error) {
    if (error instanceof Failure) throw error
    recogniserOnce = null // its memory may be damaged
    throw sourceFailures.IMAGE_REFUSED({ where, why: '像素数据损坏 / pixel data' }, { cause: error })
  } finally {
    recogniser.clear()
    setting.alive()
  }
}

async function startRecogniser(): Promise<Recogniser> {
  const core = createRequire(resolveHere.resolve('tesseract.js'))
  const start = callable.parse(core('tesseract.js-core/tesseract-core-simd-lstm.js'))
  const quiet = (): void => {}
  const program = engine.parse(await start({ print: quiet, printErr: quiet }))
  const files = engine.parse(program['FS'])
  const write = callable.parse(files['writeFile']).bind(files)
  const data = dirname(resolveHere.resolve(`@tesseract.js-data/${language}/package.json`))
  write(`${language}.traineddata`, gunzipSync(readFileSync(join(data, '4.0.0_best_int', `${language}.traineddata.gz`))))
  const api = engine.parse(Reflect.construct(callable.parse(program['TessBaseAPI']), []))
  const call = (name: string, ...given: unknown[]): unknown => callable.parse(api[name]).apply(api, given)
  const LSTM_ONLY = 1
  if (call('Init', null, language, LSTM_ONLY) !== 0) throw new Error('recogniser')
  return {
    write,
    open: () => Number(call('SetImageFile', 1, 0)),
    recognise: () => Number(call('Recognize', null)),
    text: () => String(call('GetUTF8Text')),
    clear: () => void call('Clear'),
  }
}

/** Recognition puts spaces between Chinese characters, which would hide names and addresses. */
function tidy(text: string): string {
  return text.replace(/(?<=[\u2e80-\u9fff\uff00-\uffef、。]) (?=[\u2e80-\u9fff\uff00-\uffef、。])/g, '').replace(/\n{2,}/g, '\n').trim()
}
