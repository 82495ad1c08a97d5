// SPDX-License-Identifier: Apache-2.0
import { workerData } from 'node:worker_threads'
import { answerParent } from '../limited-worker.ts'
import type { DatabaseLogin } from './foreign-table.ts'
import { readDatabaseHere } from './read-database.ts'

// Started by our own code with plain data of its own making; nothing of it comes from a database.
const isLogin = (value: unknown): value is DatabaseLogin => typeof value === 'object' && value !== null && 'address' in value && 'limits' in value
const login: unknown = workerData
if (!isLogin(login)) throw new Error('not a worker of a reader')
const given = login
await answerParent((alive) => readDatabaseHere(given, () => alive(given.limits.statementSeconds * 1000)))
