// SPDX-License-Identifier: Apache-2.0
import { parentPort, workerData } from 'node:worker_threads'
import { asBuffer, isSealingKeys, ownMemory, type SealAnswer, type SealQuestion } from './seal-messages.ts'
import { RowSealer } from './seal-rows.ts'

const port = parentPort
if (port === null || !isSealingKeys(workerData)) throw new Error('not a sealing thread')
const sealer = new RowSealer(workerData)
port.on('message', (question: SealQuestion) => {
  if (question.say === 'end') {
    sealer.wipe()
    port.close()
    return
  }
  const answer = answerOf(question)
  port.postMessage(answer, answer.say === 'sealed' ? ownMemory([...Object.values(answer.sealed.record), ...Object.values(answer.sealed.ciphertext)]) : [])
})

/** A bug goes as its bare name; its text could hold a value. */
function answerOf(question: Extract<SealQuestion, { say: 'seal' }>): SealAnswer {
  try {
    const { order } = question
    return { say: 'sealed', number: question.number, sealed: sealer.seal({ ...order, secrets: asBuffer(order.secrets), rows: { ...order.rows, plain: asBuffer(order.rows.plain) } }) }
  } catch (error) {
    return { say: 'bug', number: question.number, kind: error instanceof Error ? error.name : 'unknown' }
  }
}
