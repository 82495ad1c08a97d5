// SPDX-License-Identifier: Apache-2.0
import { verifyFile } from '@handover/proof'
import { mkdirSync, readFileSync } from 'node:fs'
import { assetTransferSteps, playAssetTransfer } from './asset-transfer.ts'
import { liquidationSteps, playLiquidation } from './liquidation.ts'
import { demoFailures } from './party-process.ts'
import { openStage } from './stage.ts'

/** Stories that the demo can play. */
export const stories = ['asset-transfer', 'liquidation'] as const

const plays = {
  'asset-transfer': { play: playAssetTransfer, steps: assetTransferSteps },
  liquidation: { play: playLiquidation, steps: liquidationSteps },
} as const

/** What to play and where. */
export interface DemoOrder {
  story: (typeof stories)[number]
  folder: string
  customers: number
  seed: string
  lang: 'zh' | 'en'
  say(line: string): void
  stop: AbortSignal | undefined
}

/** 演示. Plays a whole matter with one process, home and database per party; run again after an interruption it goes on where it stopped, and after the end it shows the result again. */
export async function playDemo(order: DemoOrder): Promise<{ document: object; human: string[]; bundle: string; policy: string }> {
  mkdirSync(order.folder, { recursive: true })
  const { play, steps } = plays[order.story]
  const stage = openStage({ ...order, steps })
  try {
    const ending = await play(stage)
    const verdict = await verifyFile(ending.bundle, { policy: readFileSync(ending.policy, 'utf8'), language: order.lang })
    if (!verdict.ok) throw demoFailures.DEMO_STEP_FAILED({ party: '–', command: 'verify', exit: 65, said: verdict.checks.filter((check) => !check.ok).map((check) => `${check.name}: ${check.detail}`).join('\n') })
    const zh = order.lang === 'zh'
    return {
      document: { close: ending.close, bundle: ending.bundle, policy: ending.policy, verified: verdict.ok, trust: verdict.trust, checks: verdict.checks.length },
      human: [...ending.sheet, '', `${zh ? '证据包' : 'Proof bundle'}: ${ending.bundle}`, `${zh ? '信任策略' : 'Policy'}: ${ending.policy}`, `${zh ? '不靠我们也能验证' : 'Verify without us'}: npx handover-verify ${ending.bundle} --policy ${ending.policy}`],
      bundle: ending.bundle, policy: ending.policy,
    }
  } finally {
    await stage.stop()
  }
}
