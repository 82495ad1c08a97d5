// SPDX-License-Identifier: Apache-2.0
import { homePath } from '../../home.ts'
import { watchedLogs, watchLog } from '../../witness/index.ts'
import { cliFailures } from '../cli-failures.ts'
import { textFlag, type Command } from '../command.ts'

/** `handover witness add-log VKEY`: lets the witness of this home watch a log; a running one takes it up at once. */
export const command: Command = {
  name: 'witness add-log',
  summary: { zh: '让本方见证服务见证一个日志', en: 'lets the witness of this home watch a log' },
  usage: 'handover witness add-log VKEY --home DIR',
  example: "handover witness add-log 'handover.example/log/9f2c…+530d903a+AekyeR…' --home ~/buyer",
  options: {},
  run: async (call) => {
    const [vkey] = call.positionals
    if (vkey === undefined) throw cliFailures.MISSING_ARGUMENT({ what: 'VKEY', command: 'witness add-log' })
    const home = homePath(textFlag(call, 'home'))
    const isNew = watchLog(home, vkey)
    const logs = watchedLogs(home).map((log) => log.text)
    const zh = call.out.lang === 'zh'
    call.out.result({ added: isNew, logs }, isNew ? (zh ? `已登记,共见证 ${logs.length} 个日志` : `Added; ${logs.length} logs are watched`) : zh ? '此前已登记' : 'It was known already')
    return 0
  },
}
