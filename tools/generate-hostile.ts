// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { csvFiles } from './hostile/csv-files.ts'
import { documentFiles } from './hostile/document-files.ts'
import type { HostileFile } from './hostile/hostile-file.ts'
import { oddFiles } from './hostile/odd-files.ts'
import { canCutOff, scanHostile } from './hostile/scan-hostile.ts'
import { sqliteFiles } from './hostile/sqlite-files.ts'
import { xlsxFiles } from './hostile/xlsx-files.ts'

/** All hostile files for a seed (SECURITY.md P23); `count` random ones a kind beside those made by hand. */
export function hostileFiles(seed: number, count: number): HostileFile[] {
  return [...xlsxFiles(seed, count), ...csvFiles(seed, count), ...sqliteFiles(seed, count), ...documentFiles(seed, count), ...oddFiles()]
}

const help = `node tools/generate-hostile.ts -o FOLDER [--seed N] [--count N]     write hostile files
node tools/generate-hostile.ts --run [--all] [--kind KIND] [--seed N]   scan each with handover, and say how it ended`

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { run: { type: 'boolean' }, all: { type: 'boolean' }, kind: { type: 'string' }, seed: { type: 'string', default: '1' }, count: { type: 'string', default: '60' }, out: { type: 'string', short: 'o' } } })
  const files = hostileFiles(Number(values.seed), Number(values.count)).filter(({ kind, isHeavy }) => (values.kind === undefined || kind === values.kind) && (values.all === true || isHeavy !== true))
  if (values.out !== undefined) {
    const { out } = values
    files.forEach((file, i) => {
      mkdirSync(join(out, String(i)), { recursive: true })
      file.make(join(out, String(i)))
    })
    console.log(`${files.length} → ${out}`)
    return 0
  }
  if (values.run === true) return run(files)
  console.log(help)
  return 2
}

async function run(files: readonly HostileFile[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'handover-hostile-'))
  const byKind = new Map<string, { files: number; refused: number; megabytes: number; wrong: number }>()
  let wrong = 0
  try {
    for await (const { file, outcome, megabytes, problems } of scanHostile(files, folder)) {
      const sum = byKind.get(file.kind) ?? { files: 0, refused: 0, megabytes: 0, wrong: 0 }
      byKind.set(file.kind, { files: sum.files + 1, refused: sum.refused + (outcome.startsWith('read') ? 0 : 1), megabytes: Math.max(sum.megabytes, megabytes), wrong: sum.wrong + (problems.length > 0 ? 1 : 0) })
      if (problems.length > 0) console.log(`✗ ${file.kind}/${JSON.stringify(file.name)}: ${problems.join('; ')} (${outcome})`)
      wrong += problems.length > 0 ? 1 : 0
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  console.table(Object.fromEntries([...byKind].map(([kind, sum]) => [kind, { files: sum.files, refused: sum.refused, read: sum.files - sum.refused, 'MB at most': sum.megabytes, wrong: sum.wrong }])))
  console.log(`${files.length} hostile files, ${wrong} ended wrongly; ${canCutOff ? 'without any network' : 'the network could not be cut off here'}`)
  return wrong === 0 ? 0 : 1
}

if (import.meta.main) process.exitCode = await main()
