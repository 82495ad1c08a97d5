// SPDX-License-Identifier: Apache-2.0
// What the driver and the fault layer inside a party's process agree on.

/** How the counted write ends: the process dies before, after or in the middle of it, loses bytes (and names in folders) that were not synced, is stopped, or the disk refuses. */
export const faultModes = ['none', 'kill-before', 'kill-after', 'kill-torn', 'power-cut', 'power-names', 'stop', 'ENOSPC', 'EIO', 'EROFS'] as const

/** One way in which a write can end. */
export type FaultMode = (typeof faultModes)[number]

/** Ways in which the disk refuses; only writes to files count for them. */
export const diskModes = ['ENOSPC', 'EIO', 'EROFS'] as const

/** Ways in which the current is cut: only bytes are lost, or names as well. */
export const powerModes = ['power-cut', 'power-names'] as const

/** Ways in which the process ends. */
export const killModes = ['kill-before', 'kill-after', 'kill-torn'] as const

/** The fault that waits at the nth counted write of the next command; 0 only counts. */
export interface ArmedFault {
  mode: FaultMode
  nth: number
  /** Count only ends of transactions (COMMIT to PostgreSQL or SQLite), or only renames of files, which strike right behind, or only what goes to the database; every write when left out. */
  only?: 'commits' | 'renames' | 'database'
}

/** What the layer saw since it was armed: writes of every kind, writes to files, ends of transactions, renames, how often the fault struck and at which paths. */
export interface SeenWrites {
  all: number
  files: number
  commits: number
  renames: number
  database: number
  struck: number
  paths: string[]
}

/** From the driver to the layer. */
export type LayerOrder = { soak: 'arm'; fault: ArmedFault } | { soak: 'read' }
