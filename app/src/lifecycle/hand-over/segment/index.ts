// SPDX-License-Identifier: Apache-2.0
// Making segments from opened records: bytes only, for worker threads too. No database, no files.
export type { MadeSegment, SegmentJob, SegmentWorkerData } from './segment-job.ts'
export { SegmentWriter, type SentShape } from './segment-writer.ts'
export { startSegmentWorkers, type SegmentWorkers } from './segment-workers.ts'
