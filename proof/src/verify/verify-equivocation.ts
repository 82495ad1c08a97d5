// SPDX-License-Identifier: Apache-2.0
import { openEquivocation } from '../equivocation.ts'
import type { Trust } from './trust.ts'
import type { CheckList } from './verdict.ts'

/** Checks a proof that a log showed two histories: both checkpoints are signed by the log (under a policy: by one of its logs), for one size, with two roots (SECURITY P12). */
export async function verifyEquivocation(text: string, trust: Trust, checks: CheckList): Promise<void> {
  await checks.need('equivocation', (say) => {
    const { origin, size } = openEquivocation(text, trust.policy === null ? null : trust.policy.logs)
    say({ zh: `日志 ${origin} 为同一大小 ${size} 签过两个不同的根`, en: `log ${origin} signed two different roots for size ${size}` })
  })
}
