// SPDX-License-Identifier: Apache-2.0
export { anonymiseFile, type AnonymisationOrder, type AnonymisationProgress } from './anonymise-file.ts'
export { anonymiseFailures } from './anonymise-failures.ts'
export type { AnonymisationReport, ReportedColumn, SizeBand, Warning, WarningCode } from './anonymisation-report.ts'
export type { FoundColumn, NamedColumns } from './column-roles.ts'
export { sharingKinds, type EffectGrade, type SharedEffect, type SharingKind } from './grade-effect.rules.ts'
// For measuring the division into classes alone (bench, tools).
export { anonymiseRows } from './anonymise-rows.ts'
export { Classes } from './coded-table.ts'
export type { CodedTable, Demands } from './coded-table.ts'
export type { Hierarchy } from './hierarchy.ts'
export { columnCosts, intervalCosts, sizeMetrics, writtenSizes } from './measure-classes.ts'
export { readHierarchy } from './read-hierarchy.ts'
