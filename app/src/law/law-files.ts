// SPDX-License-Identifier: Apache-2.0
// The law files as they are shipped (project root `law/`), before anything is read from them.
import articlesFile from '../../../law/articles.json' with { type: 'json' }
import auditPointsFile from '../../../law/audit-points.json' with { type: 'json' }
import calendarFile from '../../../law/calendar.json' with { type: 'json' }
import deadlinesFile from '../../../law/deadlines.json' with { type: 'json' }
import decisionsFile from '../../../law/decisions.json' with { type: 'json' }
import instrumentsFile from '../../../law/instruments.json' with { type: 'json' }
import penaltiesFile from '../../../law/penalties.json' with { type: 'json' }
import positionsFile from '../../../law/positions.json' with { type: 'json' }
import retentionFile from '../../../law/retention.json' with { type: 'json' }
import rulesFile from '../../../law/rules.json' with { type: 'json' }

/** The files together as they were loaded; the digest over their canonical JSON is the rules version. */
export const lawFiles = {
  articles: articlesFile, 'audit-points': auditPointsFile, calendar: calendarFile, deadlines: deadlinesFile, decisions: decisionsFile, instruments: instrumentsFile,
  penalties: penaltiesFile, positions: positionsFile, retention: retentionFile, rules: rulesFile,
}

/** 补用语. The files of a pack with the words that it lacks taken from the shipped law, where the text they translate is the same; a pack signed before these words existed is so shown in both languages. */
export function withShippedWords(files: unknown): unknown {
  return isObject(files) ? Object.fromEntries(Object.entries(files).map(([name, file]) => [name, filled(file, Reflect.get(lawFiles, name))])) : files
}

function filled(file: unknown, shipped: unknown): unknown {
  if (Array.isArray(file) && Array.isArray(shipped)) {
    const byId = new Map(shipped.filter(isObject).map((line) => [line['id'], line]))
    return file.map((line: unknown) => (isObject(line) ? withWords(line, byId.get(line['id'])) : line))
  }
  return isObject(file) && isObject(shipped) ? Object.fromEntries(Object.entries(file).map(([name, part]) => [name, filled(part, shipped[name])])) : file
}

/** Words of the other language that a line may lack; `mustZh` and `whatEn` were there from the beginning and are demanded. */
function withWords(line: Record<string, unknown>, shipped: Record<string, unknown> | undefined): Record<string, unknown> {
  const lacking = Object.entries(shipped ?? {}).filter(([name]) => {
    const base = name === 'enShort' ? 'en' : name === 'itemArticles' ? 'zh' : /^(.+)(?:Zh|En)$/.exec(name)?.[1]
    return base !== undefined && name !== 'mustZh' && name !== 'whatEn' && line[name] === undefined && line[base] === shipped?.[base]
  })
  return lacking.length === 0 ? line : { ...line, ...Object.fromEntries(lacking) }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
