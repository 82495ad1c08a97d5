// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { detectionFailures, inspectText, inspectTextWith, inspectValue, openOwnModel, ownModelSettings, type OwnModel } from '../../detection/index.ts'
import type { Command } from '../command.ts'
import { scanFailures } from '../scan-failures.ts'

const textLine = z.object({ text: z.string() })
const valueLine = z.object({ type: z.string(), value: z.string(), strict: z.boolean().optional() })

/** `handover inspect text|value`: the detector on NDJSON, one answer a line (PRODUCT.md §5). A line that is not the object it must be ends the run with its number. */
export const command: Command = {
  name: 'inspect',
  summary: { zh: '对标准输入逐行检测文本或校验值(NDJSON)', en: 'detect spans or check values, line by line on standard input (NDJSON)' },
  usage: 'handover inspect text|value < LINES.ndjson',
  example: `echo '{"type":"mobile","value":"138 0013 8001"}' | handover inspect value`,
  options: {
    'region': { type: 'string', doc: { zh: '身份证地址码:ever-existed(曾经存在,默认)、existed-at-birth(出生时存在)、prefecture-existed(只查到地级)', en: 'region codes of IDs: ever-existed (default), existed-at-birth, prefecture-existed' } },
  },
  run: async ({ positionals, flags, out }) => {
    const what = positionals[0]
    if (what !== 'text' && what !== 'value') throw scanFailures.INSPECT_WHAT()
    const region = regions.find((one) => one === (flags['region'] ?? 'ever-existed'))
    if (region === undefined) throw scanFailures.SCAN_BAD_OPTION({ option: '--region', given: String(flags['region']).slice(0, 30), known: regions.join(', ') })
    const settings = what === 'text' ? ownModelSettings(process.env) : null
    const own = settings === null ? null : await openOwnModel(settings)
    let line = 0
    for await (const text of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
      line++
      if (text.trim() === '') continue
      const answer = what === 'text' ? await inspectTextLine(text, line, own) : inspectValueLine(text, line, region)
      // The answers are a stream of documents, so they go past `out.result`, which gives one.
      if (!process.stdout.write(`${JSON.stringify(answer)}\n`)) await once(process.stdout, 'drain')
    }
    await own?.close()
    if (line === 0) out.say({ zh: '标准输入没有内容。', en: 'Standard input was empty.' })
    return 0
  },
}

const regions = ['ever-existed', 'existed-at-birth', 'prefecture-existed'] as const

async function inspectTextLine(text: string, line: number, own: OwnModel | null): Promise<unknown> {
  const parsed = textLine.safeParse(objectOf(text, line))
  if (!parsed.success) throw detectionFailures.BAD_INSPECT_LINE({ line })
  return { spans: own === null ? inspectText(parsed.data.text) : await inspectTextWith(parsed.data.text, own) }
}

function inspectValueLine(text: string, line: number, region: (typeof regions)[number]): unknown {
  const parsed = valueLine.safeParse(objectOf(text, line))
  if (!parsed.success) throw detectionFailures.BAD_INSPECT_LINE({ line })
  const { type, value, strict } = parsed.data
  return inspectValue(type, value, { region: strict === true ? 'existed-at-birth' : region })
}

function objectOf(text: string, line: number): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw detectionFailures.BAD_INSPECT_LINE({ line }) // the parser's message would quote the line
  }
}
