// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { declaredDays } from '../stories/whole-matter.ts'
import { readAcceptedContent } from '../stories/read-proof.ts'
import { anyExit, checkBooks } from './journey.ts'
import { landingOf } from './matter-parts.ts'
import { landedRecords } from './outcome.ts'
import type { SoakStage } from './soak-stage.ts'

const eventsSchema = z.object({ events: z.array(z.object({ type: z.string() })) })

/** What a matter says in the middle of its journey: how many events of each type, whether its books hold, what landed and was accepted. */
export async function factsOf(stage: SoakStage): Promise<Record<string, unknown>> {
  stage.directedBy({ fault: () => null })
  const shown = await stage.asMay('seller', declaredDays.closing, anyExit, 'log', 'show')
  const events = shown.exit === 0 ? Object.fromEntries(Object.entries(Object.groupBy(eventsSchema.parse(shown.document).events, (event) => event.type)).map(([type, all]) => [type, all?.length ?? 0])) : { refused: shown.exit }
  const acceptance = join(stage.folder, 'post', '验收单.tar')
  return {
    // A turn that was interrupted behind its booking turns once more when it is asked for again; that loses nothing.
    events: { ...events, EpochTurned: undefined }, books: await checkBooks(stage),
    landed: existsSync(landingOf(stage)) ? landedRecords(landingOf(stage)) : null, accepted: existsSync(acceptance) ? await readAcceptedContent(acceptance) : null,
  }
}
