// SPDX-License-Identifier: Apache-2.0
// For tests, run as a program: publishes a matter's log and kills itself with SIGKILL at the given point, as a power cut would.
import { openHome } from '../home.ts'
import { instantOf } from '../kit/time.ts'
import { openDatabases } from '../store/index.ts'
import { openLedger } from './index.ts'

const [, , homeDir, path, matterId, point] = process.argv
if (homeDir !== undefined && path !== undefined && matterId !== undefined) {
  const home = openHome(path)
  const databases = await openDatabases({ homeDir, tenant: home.settings.tenant })
  const at = (reached: string): void => {
    if (reached === point) process.kill(process.pid, 'SIGKILL')
  }
  const ledger = openLedger({ db: databases.main, home, now: () => instantOf(new Date()), tickMs: 0, at })
  await ledger.publish(matterId)
  process.stdout.write('published\n')
  await databases.close()
}
