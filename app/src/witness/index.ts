// SPDX-License-Identifier: Apache-2.0
export { addCheckpoint, type WitnessReply, type WitnessRoom } from './add-checkpoint.ts'
export { witnessFailures } from './witness-failures.ts'
export { openWitness, watchedLogs, watchLog, witnessKeyOf, type OpenWitness } from './witness-home.ts'
export { serveWitness, type RunningWitness } from './witness-server.ts'
