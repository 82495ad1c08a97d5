// SPDX-License-Identifier: Apache-2.0
// `npm run evaluate`: how often detection is right, on our own labelled tables and on the public data of ../shared. `--write` puts it into docs/accuracy.md, `--fit` makes the calibration anew, `--wrong` lists the columns to work on.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { evaluate } from './evaluation/accuracy-page.ts'
import { curvesAsTable, fitCurves, judgeAll } from './evaluation/fit-calibration.ts'

const root = join(import.meta.dirname, '..')
const { values: asked } = parseArgs({ options: { write: { type: 'boolean' }, fit: { type: 'boolean' }, wrong: { type: 'boolean' }, shared: { type: 'string' } } })
const shared = asked.shared ?? process.env['HANDOVER_SHARED'] ?? join(root, '..', 'shared')

if (asked.fit === true) {
  writeFileSync(join(root, 'app/src/detection/calibration-table.ts'), curvesAsTable(fitCurves(judgeAll())))
  console.log('app/src/detection/calibration-table.ts is fitted anew; run again without --fit to see what it says')
} else {
  const { page, notRun, toWorkOn } = evaluate(shared)
  console.log(page)
  if (asked.wrong === true) console.log(toWorkOn.join('\n'))
  for (const name of notRun) console.error(`NOT RUN: ${name}: no data at ${shared}/data`)
  if (asked.write === true) write(page, notRun)
}

/** Puts the figures between the marks of docs/accuracy.md; refuses to replace whole figures by a part of them. */
function write(page: string, notRun: readonly string[]): void {
  const file = join(root, 'docs/accuracy.md')
  const [begin, end] = ['<!-- evaluate:begin -->', '<!-- evaluate:end -->']
  const before = existsSync(file) ? readFileSync(file, 'utf8') : `${begin}\n${end}\n`
  if (notRun.length > 0) {
    console.error('docs/accuracy.md is not written: a part did not run')
    process.exitCode = 1
    return
  }
  writeFileSync(file, `${before.slice(0, before.indexOf(begin) + begin.length)}\n\n${page}\n${before.slice(before.indexOf(end))}`)
  console.log('docs/accuracy.md is written')
}
