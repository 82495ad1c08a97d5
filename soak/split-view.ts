// SPDX-License-Identifier: Apache-2.0
import { checkpointBody, noteSigner, parseCheckpoint, parseNote, sha256, signNote, toHex, utf8, type NoteSigner } from '@handover/proof'
import { globSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { draws } from '../stories/seeded-draws.ts'
import { declaredDays as on } from '../stories/whole-matter.ts'
import type { Findings } from './fault-points.ts'
import { anyExit, type Reference, type SoakRun } from './journey.ts'
import type { SoakStage } from './soak-stage.ts'

const verifiedSchema = z.looseObject({ ok: z.boolean(), what: z.string() })

/** A second history with the log's own key, shown to the witnesses as the transferor could: each refuses with 409 or 422 and keeps a proof that `handover verify` opens under the parties' policy (SECURITY P12). */
export async function showTwoHistories(run: SoakRun, { stage }: { reference: Reference; stage: SoakStage }, count: number, point?: number): Promise<Findings> {
  const findings: Findings = { points: 0, unreached: 0, found: [] }
  await stage.takeBack('receive')
  const draw = draws(`${run.seed}/split`)
  for (let number = 1; number <= count; number += 1) {
    const [party, chance] = [number % 2 === 0 ? 'buyer' : 'broker', draw()] as const
    if (point !== undefined && point !== number) continue
    const said = `point ${number}: ${party}, ${chance < 0.5 ? 'from the size it knows' : 'from another size'}`
    const wrong = await showOne(stage, { party, number: `${run.seed}/${number}`, isFromKnown: chance < 0.5 })
    findings.points += 1
    run.say(`    ${said}${wrong === null ? '' : `: ${wrong}`}`)
    if (wrong !== null) findings.found.push(`${said}: ${wrong}`)
  }
  return findings
}

async function showOne(stage: SoakStage, { party, number, isFromKnown }: { party: 'buyer' | 'broker'; number: string; isFromKnown: boolean }): Promise<string | null> {
  const { url } = z.looseObject({ url: z.string() }).parse(JSON.parse(readFileSync(join(stage.folder, 'post', `witness-${party}.json`), 'utf8')))
  const signer = logSignerOf(stage, await originOf(stage))
  const known = parseCheckpoint(parseNote(await (await fetch(`${url}/${toHex(sha256(utf8(signer.vkey.name)))}/checkpoint`)).text()).body)
  const other = signNote(checkpointBody({ origin: signer.vkey.name, size: known.size, root: sha256(utf8(number)) }), [signer])
  const before = proofsOf(stage, party)
  const answer = await fetch(`${url}/add-checkpoint`, { method: 'POST', body: `old ${isFromKnown ? known.size : known.size - 1n}\n\n${other}` })
  if (answer.status !== (isFromKnown ? 422 : 409)) return `the witness answered ${answer.status}`
  const fresh = proofsOf(stage, party).filter((file) => !before.includes(file))
  const [file] = fresh
  if (fresh.length !== 1 || file === undefined) return `${fresh.length} proofs were kept`
  const verified = await stage.asMay('broker', on.acceptance, anyExit, 'verify', file, '--policy', join(stage.folder, 'post', '信任策略.txt'))
  const verdict = verifiedSchema.safeParse(verified.document)
  return verified.exit === 3 && verdict.success && verdict.data.ok && verdict.data.what === 'equivocation' ? null : `handover verify: exit ${verified.exit}`
}

function proofsOf(stage: SoakStage, party: string): string[] {
  return globSync('**/equivocation/*.txt', { cwd: join(stage.folder, party, 'witness') }).map((name) => join(stage.folder, party, 'witness', name)).toSorted()
}

async function originOf(stage: SoakStage): Promise<string> {
  const shown = await stage.asMay('seller', on.acceptance, anyExit, 'log', 'show')
  return z.looseObject({ log: z.string() }).parse(shown.document).log.split('+')[0] ?? ''
}

/** The transferor's own log key, from its home: it is the one who could show two histories. */
function logSignerOf(stage: SoakStage, name: string): NoteSigner {
  const folder = join(stage.folder, 'seller', 'home', 'keys')
  const file = readdirSync(folder).find((one) => /^log-.*\.key$/.test(one))
  if (file === undefined) throw new Error('the log key is not in the home')
  return noteSigner({ name, seed: Buffer.from(readFileSync(join(folder, file), 'utf8').trim(), 'hex') })
}
