// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { isInformationType, type InformationType } from '../information-types.ts'
import { ownModelFailures } from './own-model-failures.ts'
import type { TextSpan } from './text-span.ts'
import { WordPieces, type Token } from './word-pieces.ts'

/** Where an operator's own model lies: a folder with model.onnx, vocab.txt and config.json, and the folder where onnxruntime-node is installed. */
export interface OwnModelSettings {
  folder: string
  runtime: string
}

/** The settings HANDOVER_NER_MODEL and HANDOVER_NER_RUNTIME (the model's folder when not given); null when no own model is wanted. */
export function ownModelSettings(environment: Readonly<Record<string, string | undefined>>): OwnModelSettings | null {
  const folder = environment['HANDOVER_NER_MODEL']
  if (folder === undefined || folder === '') return null
  return { folder: resolve(folder), runtime: resolve(environment['HANDOVER_NER_RUNTIME'] ?? folder) }
}

const tensor = z.looseObject({ data: z.custom<Float32Array>((value) => value instanceof Float32Array), dims: z.array(z.number()) })

/** What we use of onnxruntime-node; it is no dependency of ours. */
interface Session {
  inputNames: readonly string[]
  outputNames: readonly string[]
  run(feeds: Record<string, unknown>): Promise<Record<string, unknown>>
  release(): Promise<void>
}
interface Runtime {
  InferenceSession: { create(file: string): Promise<Session> }
  Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => unknown
}
const runtimeModule = z.looseObject({ InferenceSession: z.custom<Runtime['InferenceSession']>(isMade), Tensor: z.custom<Runtime['Tensor']>(isMade) })

function isMade(value: unknown): boolean {
  return typeof value === 'function' || (typeof value === 'object' && value !== null)
}

const configFile = z.looseObject({ id2label: z.record(z.string(), z.string()), handoverTypes: z.record(z.string(), z.string()).optional() })

const usualTypes: Readonly<Record<string, InformationType>> = { PER: 'person-name', PERSON: 'person-name', NAME: 'person-name', NR: 'person-name', ORG: 'organisation-name', ORGANIZATION: 'organisation-name', COMPANY: 'organisation-name', ADDRESS: 'address', ADDR: 'address' }

const tokensMax = 510

/** An operator's own token classification model, run by onnxruntime-node (DETECTION.md §3). */
export class OwnModel {
  private readonly runtime: Runtime
  private readonly session: Session
  private readonly pieces: WordPieces
  private readonly labels: readonly string[]
  private readonly types: Readonly<Record<string, InformationType>>

  constructor(parts: { runtime: Runtime; session: Session; pieces: WordPieces; labels: readonly string[]; types: Readonly<Record<string, InformationType>> }) {
    this.runtime = parts.runtime
    this.session = parts.session
    this.pieces = parts.pieces
    this.labels = parts.labels
    this.types = parts.types
  }

  /** Spans of the types that the model's labels stand for, in order. Refuses a model whose answer has another shape than its labels. */
  async find(text: string): Promise<TextSpan[]> {
    const tokens = this.pieces.cut(text)
    const spans: TextSpan[] = []
    for (let at = 0; at < tokens.length; at += tokensMax) spans.push(...this.spansOf(tokens.slice(at, at + tokensMax), await this.labelsOf(tokens.slice(at, at + tokensMax))))
    return spans
  }

  async close(): Promise<void> {
    await this.session.release()
  }

  private async labelsOf(tokens: readonly Token[]): Promise<string[]> {
    const ids = [this.pieces.first, ...tokens.map((token) => token.id), this.pieces.last]
    const filled = (value: (index: number) => number): unknown => new this.runtime.Tensor('int64', BigInt64Array.from(ids, (_, index) => BigInt(value(index))), [1, ids.length])
    const known: Record<string, () => unknown> = { input_ids: () => filled((index) => ids[index] ?? 0), attention_mask: () => filled(() => 1), token_type_ids: () => filled(() => 0) }
    const feeds: Record<string, unknown> = {}
    for (const name of this.session.inputNames) {
      const make = known[name]
      if (make === undefined) throw ownModelFailures.NER_MODEL_MISMATCH({ reason: `unknown input ${name}` })
      feeds[name] = make()
    }
    const answer = tensor.safeParse((await this.session.run(feeds))[this.session.outputNames[0] ?? ''])
    const wide = this.labels.length
    if (!answer.success || answer.data.data.length !== ids.length * wide) throw ownModelFailures.NER_MODEL_MISMATCH({ reason: `${wide} labels in config.json, but an output of ${answer.success ? answer.data.dims.join('×') : 'another kind'}` })
    const scores = answer.data.data
    return tokens.map((_, index) => this.labels[largest(scores.subarray((index + 1) * wide, (index + 2) * wide))] ?? 'O')
  }

  /** Labels of any of the schemes BIO, BIOES and IO, joined to spans. */
  private spansOf(tokens: readonly Token[], labels: readonly string[]): TextSpan[] {
    const spans: [number, number, InformationType][] = []
    let open = ''
    tokens.forEach((token, index) => {
      const [, mark = '', kind = ''] = /^(?:([BIESMLU])-)?(.+)$/.exec(labels[index] ?? 'O') ?? []
      const type = this.types[kind] ?? this.types[kind.toUpperCase()]
      const last = spans.at(-1)
      if (type !== undefined && open === kind && last !== undefined && !'BSU'.includes(mark === '' ? 'I' : mark)) last[1] = token.end
      else if (type !== undefined) spans.push([token.start, token.end, type])
      open = type === undefined || 'ESLU'.includes(mark === '' ? 'I' : mark) ? '' : kind
    })
    return spans
  }
}

function largest(scores: Float32Array): number {
  let best = 0
  for (let index = 1; index < scores.length; index++) if ((scores[index] ?? 0) > (scores[best] ?? 0)) best = index
  return best
}

/** Opens an operator's own model. Refuses a missing runtime, an unreadable file, labels that stand for no type of ours, and a model whose answer does not fit its labels. */
export async function openOwnModel(settings: OwnModelSettings): Promise<OwnModel> {
  const runtime = loadRuntime(settings.runtime)
  const config = configFile.safeParse(jsonOf(readPart(settings.folder, 'config.json')))
  if (!config.success) throw ownModelFailures.NER_MODEL_UNREADABLE({ file: 'config.json', reason: 'it has no id2label' })
  const labels = Object.keys(config.data.id2label).map((_, index) => config.data.id2label[String(index)] ?? 'O')
  const own = Object.entries(config.data.handoverTypes ?? {}).flatMap(([label, type]) => (isInformationType(type) ? [[label, type] as const] : []))
  const types = { ...usualTypes, ...Object.fromEntries(own) }
  const pieces = WordPieces.open(readPart(settings.folder, 'vocab.txt').split(/\r?\n/))
  if (pieces === null) throw ownModelFailures.NER_MODEL_UNREADABLE({ file: 'vocab.txt', reason: 'it lacks [UNK], [CLS] or [SEP]' })
  if (!labels.some((label) => types[label.replace(/^[BIESMLU]-/, '').toUpperCase()] !== undefined || types[label.replace(/^[BIESMLU]-/, '')] !== undefined)) throw ownModelFailures.NER_MODEL_MISMATCH({ reason: 'no label of config.json stands for a type that we know' })
  const session = await runtime.InferenceSession.create(join(settings.folder, 'model.onnx')).catch((cause: unknown) => {
    throw ownModelFailures.NER_MODEL_UNREADABLE({ file: 'model.onnx', reason: 'onnxruntime-node refuses it' }, { cause })
  })
  const model = new OwnModel({ runtime, session, pieces, labels, types })
  await model.find('试')
  return model
}

function readPart(folder: string, file: string): string {
  try {
    return readFileSync(join(folder, file), 'utf8')
  } catch (cause) {
    throw ownModelFailures.NER_MODEL_UNREADABLE({ file, reason: 'it is missing or may not be read' }, { cause })
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw ownModelFailures.NER_MODEL_UNREADABLE({ file: 'config.json', reason: 'it is no JSON' }, { cause })
  }
}

function loadRuntime(folder: string): Runtime {
  let loaded: unknown
  try {
    loaded = createRequire(join(folder, 'index.js'))('onnxruntime-node')
  } catch (cause) {
    throw ownModelFailures.NER_RUNTIME_MISSING({ where: folder }, { cause })
  }
  const parsed = runtimeModule.safeParse(loaded)
  if (!parsed.success) throw ownModelFailures.NER_RUNTIME_MISSING({ where: folder })
  return parsed.data
}
