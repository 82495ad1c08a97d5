// SPDX-License-Identifier: Apache-2.0
// The door of data backups: make, list, verify, restore, delete.
export { backupFailures } from './backup-failures.ts'
export { createBackup, type BackupWish, type CreatedBackup } from './create-backup.ts'
export { listBackups, type ListedBackup } from './list-backups.ts'
export { verifyBackup, type VerifiedBackup, type VerifyWish } from './verify-backup.ts'
export { restoreBackup, type RestoredHome, type RestoredMatter, type RestoreWish } from './restore-backup.ts'
export { deleteBackup, requestBackupDeletion } from './delete-backup.ts'
export { backupStatuses, type Backup, type BackupStatus } from './backups.store.ts'
