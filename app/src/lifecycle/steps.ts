// SPDX-License-Identifier: Apache-2.0

/** 步骤. The journey of customer information, in order (CONTRACTS §18); the CLI's help and the console's rail are made from it, and nothing else repeats the order. */
export const steps = [
  { step: 'discover', zh: '清查', en: 'Discover' },
  { step: 'classify', zh: '分类分级', en: 'Classify' },
  { step: 'assess', zh: '合规与评估', en: 'Assess' },
  { step: 'agree', zh: '协议', en: 'Agree' },
  { step: 'share', zh: '资料室', en: 'Share' },
  { step: 'notify', zh: '通知与选择', en: 'Notify' },
  { step: 'hand-over', zh: '方案与交接', en: 'Plan and hand over' },
  { step: 'reconcile', zh: '对账', en: 'Reconcile' },
  { step: 'destroy', zh: '留存与销毁', en: 'Destroy' },
  { step: 'prove', zh: '办结与证明', en: 'Prove' },
] as const

/** The name of a step, which is also its room's folder. */
export type Step = (typeof steps)[number]['step']
