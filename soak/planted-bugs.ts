// SPDX-License-Identifier: Apache-2.0
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Reference, SoakRun } from './journey.ts'
import { scenarios, type ScenarioName } from './scenarios.ts'
import { keepPlanted, type PlantedRun } from './soak-results.ts'
import type { SoakStage } from './soak-stage.ts'
import type { Played } from './sweep.ts'
import { copyTree, editTree, type SourceEdit } from './tree-copy.ts'

/** 埋设的错误. A realistic bug, as edits of a copy of the tree, and the scenario that has to catch it. */
export interface PlantedBug {
  name: string
  edits: readonly SourceEdit[]
  caughtBy: ScenarioName
  /** What the scenario has to find; anything else is not this bug. */
  finding: RegExp
}

const app = (file: string): string => `app/src/${file}`

/** Bugs of the kinds that crash-safe programs are known for. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'a segment is noted as loaded before its rows, in a transaction of its own', caughtBy: 'kill -9 at every commit of receive', finding: /receive [^]*: exit 3\n[^]*\d+ differences/,
    edits: [
      { file: app('lifecycle/hand-over/land-sqlite.store.ts'), find: 'load: (packageId, segment, tables) => run(() => inTransaction(database, () => {', replace: "load: (packageId, segment, tables) => run(() => { database.prepare('insert into handover_segments values (?, ?, ?, ?)').run(packageId, segment.position, segment.sha256, segment.count); inTransaction(database, () => {" },
      { file: app('lifecycle/hand-over/land-sqlite.store.ts'), find: "      database.prepare('insert into handover_segments values (?, ?, ?, ?)').run(packageId, segment.position, segment.sha256, segment.count)\n    })),", replace: '    }) }),' },
    ],
  },
  {
    name: 'the old epoch key is dropped before directories are under the new one', caughtBy: 'kill -9 at every commit of key turn', finding: /key turn: exit 12\n[^]*opens in no key slot/,
    edits: [{ file: app('vault/turn-epoch.ts'), find: '  await rewriteUnder(room, scope, epoch, key)\n', replace: '  for (const slot of room.slots) await slot.dropAllBut(scope.matterId, epoch)\n  await rewriteUnder(room, scope, epoch, key)\n' }],
  },
  {
    name: 'a key file is renamed without having been synced', caughtBy: 'power cut in key turn', finding: /key turn: exit 12\n[^]*opens in no key slot: [^\n]*malformed/,
    edits: [{ file: app('vault/key-files.ts'), find: '    await file.writeFile(bytes)\n    await file.sync()\n', replace: '    await file.writeFile(bytes)\n' }],
  },
  {
    name: 'a full disk is swallowed while a file is written', caughtBy: 'disk full in pack', finding: /^acknowledged, but .*移交包\.tar is not there$/,
    edits: [{ file: app('lifecycle/hand-over/write-stream.ts'), find: '    throw namingFile(error, file)\n', replace: '    return bytes\n' }],
  },
  {
    name: 'a file error has the exit code of a bug', caughtBy: 'disk full in receive', finding: /^receive ENOSPC at \d+: exit 1 FILE_TROUBLE instead of 74/,
    edits: [{ file: app('cli/cli-failures.ts'), find: "  FILE_TROUBLE: {\n    exit: 74,", replace: "  FILE_TROUBLE: {\n    exit: 1," }],
  },
  {
    name: 'the recipient compares ids and not fields', caughtBy: 'edited cell, seen by the recipient', finding: /^an edited cell at the destination: receive answered 0$/,
    edits: [{ file: app('lifecycle/hand-over/compare-landed.ts'), find: 'if (this.#changed.size > 0) this.#lists.differ(', replace: 'if (this.#changed.size > 1000) this.#lists.differ(' }],
  },
  {
    name: 'the recipient compares ids only, and the sender believes the acceptance', caughtBy: 'edited cell, seen by the sender', finding: /^an edited cell at the destination: the sender's reconcile answered 0$/,
    edits: [{ file: app('lifecycle/hand-over/compare-landed.ts'), find: 'if (this.#changed.size > 0) this.#lists.differ(', replace: 'if (this.#changed.size > 1000) this.#lists.differ(' }, { file: app('lifecycle/reconcile/compare-sent.ts'), find: 'of compareSpills(sent, accepted, (', replace: 'of compareSpills(sent, sent, (' }],
  },
  {
    name: 'the sequencer has no lock, no fencing and no compare-and-set', caughtBy: 'two sequencers', finding: /both answered, and nothing was published|two roots for size|the published checkpoint went back/,
    edits: [
      { file: app('ledger/sequence-events.ts'), find: '    await waitForTurn(room, lock, scope)\n', replace: '    void waitForTurn\n' },
      { file: app('ledger/log.store.ts'), find: 'where tenant = $1 and matter_id = $2 and token = $3 for update`', replace: 'where tenant = $1 and matter_id = $2 and $3::bigint is not null`' },
      { file: app('ledger/log.store.ts'), find: 'where tenant = $1 and matter_id = $2 and token = $3 and size = $4`', replace: 'where tenant = $1 and matter_id = $2 and $3::bigint is not null and $4::bigint is not null`' },
    ],
  },
  {
    name: 'the witness answers and does not remember', caughtBy: 'stale home', finding: /^a home that was put back issued a second history/,
    edits: [{ file: app('witness/add-checkpoint.ts'), find: '    room.memory.remember(checkpoint.origin,', replace: '    if (knownSize > 1000000n) room.memory.remember(checkpoint.origin,' }],
  },
  {
    name: 'pack moves vectors in another transaction than its postings', caughtBy: 'kill -9 at every commit of pack', finding: /^pack, killed at commit \d+: log verify right after it: exit 14 .*posted \d+, counted \d+/,
    edits: [{ file: app('lifecycle/hand-over/move-in-parts.ts'), find: 'await ctx.ledger.setDispositions(tx, matter.id, changes)', replace: 'await ctx.db.transaction((own) => ctx.ledger.setDispositions(own, matter.id, changes))' }],
  },
  {
    name: 'destroy moves vectors in another transaction than its postings', caughtBy: 'kill -9 at every commit of destroy', finding: /^destroy run, killed at commit \d+: log verify right after it: exit 14 .*posted \d+, counted \d+/,
    edits: [{ file: app('lifecycle/destroy/destroy-vault.ts'), find: 'const postings = await ctx.ledger.setDispositions(tx, matter.id, endedFields(records))', replace: 'const postings = await ctx.db.transaction((own) => ctx.ledger.setDispositions(own, matter.id, endedFields(records)))' }],
  },
]

/** Runs each scenario over the program as it is (which must find nothing) and over its planted bug (which must find just this bug); in both its faults must have struck. A fault of the harness ends the run. */
export async function plantBugs(run: SoakRun, base: { reference: Reference; stage: SoakStage }, only?: number): Promise<PlantedRun[]> {
  const chosen = plantedBugs.filter((_, at) => only === undefined || at + 1 === only)
  const results: PlantedRun[] = []
  const controls = new Map<ScenarioName, Played>()
  for (const bug of chosen) {
    const scenario = (tree: string): Promise<Played> => scenarios[bug.caughtBy]({ ...base, tree, say: run.say })
    const control = controls.get(bug.caughtBy) ?? (await scenario(run.tree))
    if (!controls.has(bug.caughtBy)) run.say(`  control 「${bug.caughtBy}」: ${control.strikes} strikes, ${control.found.length === 0 ? 'nothing found' : control.found.join(' | ').slice(0, 600)}`)
    controls.set(bug.caughtBy, control)
    const tree = join(run.folder, 'planted')
    rmSync(tree, { recursive: true, force: true })
    copyTree(run.tree, tree)
    editTree(tree, bug.edits)
    const result = judgePlanted(run, bug, { planted: await scenario(tree), control })
    keepPlanted(run.results, result)
    run.say(`  ${result.caught ? 'CAUGHT' : 'NOT CAUGHT'}: ${bug.name}, ${result.strikes} strikes — ${result.how.split('\n').slice(0, 3).join(' ').slice(0, 260)}`)
    results.push(result)
  }
  return results
}

function judgePlanted(run: SoakRun, bug: PlantedBug, { planted, control }: { planted: Played; control: Played }): PlantedRun {
  const how = planted.found.find((line) => bug.finding.test(line))
  return {
    name: bug.name, scenario: bug.caughtBy, caught: how !== undefined && planted.strikes > 0, how: (how ?? planted.found[0] ?? '').slice(0, 400), strikes: planted.strikes,
    control: [...control.found, ...(control.strikes > 0 ? [] : ['no fault struck in the program as it is'])], controlStrikes: control.strikes, seed: run.seed, commit: run.commit, day: new Date().toISOString().slice(0, 10),
  }
}
