// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

const guide = { zh: '见 docs/how-to/own-model.md;不设 HANDOVER_NER_MODEL 即用内置模型。', en: 'See docs/how-to/own-model.md; without HANDOVER_NER_MODEL the built-in model is used.' }

/** Why an operator's own model for names in texts cannot be used. */
export const ownModelFailures = failures({
  NER_RUNTIME_MISSING: {
    exit: 78, zh: '在 {where} 找不到 onnxruntime-node,自备模型无法运行。', en: 'onnxruntime-node is not installed at {where}, so the own model cannot run.',
    remedy: { zh: '在该目录运行 npm install onnxruntime-node,或用 HANDOVER_NER_RUNTIME 指明安装它的目录。', en: 'Run npm install onnxruntime-node there, or name the folder where it is installed in HANDOVER_NER_RUNTIME.' },
  },
  NER_MODEL_UNREADABLE: { exit: 78, zh: '自备模型的 {file} 读不出:{reason}。', en: 'The own model\'s {file} cannot be read: {reason}.', remedy: guide },
  NER_MODEL_MISMATCH: { exit: 78, zh: '自备模型不合用:{reason}。', en: 'The own model does not fit: {reason}.', remedy: guide },
})
