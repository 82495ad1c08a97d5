// SPDX-License-Identifier: Apache-2.0
import { createReadStream } from 'node:fs'
import { ACCEPTANCE_FILES, BUNDLE_FILES, decodeBundleEvents, decodeInventoryEntry, decodeUtf8Strict, isJsonObject, parseJsonStrict, readAcceptance, readAll, readTar, toHex, unframeEntries, unverifiedStatement, type JsonObject, type JsonValue } from '@handover/proof'

/** What a bundle says happened, in a form that two runs can be compared by. */
export interface ProofFacts {
  /** How many events of each type, in alphabetical order. */
  eventCounts: Record<string, number>
  /** Sum of postings by account movement, over all data sets and fields. */
  postings: Record<string, number>
  /** The body of MatterClosed without its salted root. */
  closing: JsonObject
  recordIds: string[]
}

/** The files of a tar by name. */
export async function tarContents(file: string): Promise<Map<string, Uint8Array>> {
  const contents = new Map<string, Uint8Array>()
  for await (const { name, content } of readTar(createReadStream(file))) contents.set(name, await readAll(content, 2 ** 30))
  return contents
}

/** Reads a bundle's events and inventory; refuses a bundle without them. */
export async function readProofFacts(bundle: string): Promise<ProofFacts> {
  const files = await tarContents(bundle)
  const events = decodeBundleEvents(contentOf(files, BUNDLE_FILES.events)).map(({ event }) => objectIn(parseJsonStrict(event)))
  const eventCounts: Record<string, number> = {}
  const postings: Record<string, number> = {}
  for (const event of events) {
    add(eventCounts, textIn(event, 't'), 1)
    const lines = event['postings']
    for (const line of Array.isArray(lines) ? lines.map(objectIn) : []) add(postings, `${textIn(line, 'from')} → ${textIn(line, 'to')}`, Number(line['n']))
  }
  const { booksRoot: _salted, s: _sequence, ...closing } = events.find((event) => event['t'] === 'MatterClosed') ?? {}
  const recordIds = [...unframeEntries(contentOf(files, BUNDLE_FILES.inventory))].map((entry) => toHex(decodeInventoryEntry(entry).recordId))
  return { eventCounts: sorted(eventCounts), postings: sorted(postings), closing, recordIds }
}

/** The content root that the recipient signed for what it read back, with the counts beside it. */
export async function readAcceptedContent(acceptance: string): Promise<{ contentRoot: string; records: number }> {
  const files = await tarContents(acceptance)
  const { contentRoot, records } = readAcceptance(unverifiedStatement(decodeUtf8Strict(contentOf(files, ACCEPTANCE_FILES.statement))))
  return { contentRoot, records }
}

function contentOf(files: Map<string, Uint8Array>, name: string): Uint8Array {
  const content = files.get(name)
  if (content === undefined) throw new Error(`the tar has no ${name}`)
  return content
}

function objectIn(value: JsonValue): JsonObject {
  if (!isJsonObject(value)) throw new Error('not a JSON object')
  return value
}

function textIn(object: JsonObject, key: string): string {
  const value = object[key]
  if (typeof value !== 'string') throw new Error(`${key} is not a text`)
  return value
}

function add(counts: Record<string, number>, key: string, by: number): void {
  counts[key] = (counts[key] ?? 0) + by
}

function sorted(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
