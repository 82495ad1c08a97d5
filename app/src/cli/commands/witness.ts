// SPDX-License-Identifier: Apache-2.0
import { expects } from '../../kit/failure.ts'
import { homePath } from '../../home.ts'
import { openWitness, serveWitness, watchLog } from '../../witness/index.ts'
import { cliFailures } from '../cli-failures.ts'
import { listFlag, textFlag, type Command, type CommandCall } from '../command.ts'

/** `handover witness`: a C2SP witness for another party's log; prints one JSON line when it is ready and runs until it is stopped. */
export const command: Command = {
  name: 'witness',
  summary: { zh: '运行见证服务(由转让方以外的一方运行)', en: 'runs a witness (by a party other than the transferor)' },
  usage: 'handover witness --home DIR [--name NAME] [--port N] [--host ADDRESS] [--allow-log VKEY]… [--until-eof]',
  example: 'handover witness --home ~/buyer --name witness.buyer.example --port 8470 > witness-buyer.json',
  options: {
    name: { type: 'string', doc: { zh: '见证方名称,第一次运行必填,此后不变', en: 'name of the witness; needed the first time, fixed afterwards' } },
    port: { type: 'string', doc: { zh: '端口(默认 0:由系统选择)', en: 'port (default 0: the system chooses)' } },
    host: { type: 'string', doc: { zh: '监听地址(默认 127.0.0.1;对外请置于 TLS 反向代理之后)', en: 'address to listen on (default 127.0.0.1; put a TLS proxy before it for others)' } },
    'allow-log': { type: 'string', multiple: true, doc: { zh: '要见证的日志的验证钥,可多次', en: 'verifier key of a log to watch, repeatable' } },
    'until-eof': { type: 'boolean', doc: { zh: '标准输入结束时也停止:启动它的程序不在了,它也不留下', en: 'also stop when standard input ends, so that it does not outlive the program that started it' } },
  },
  run: async (call) => {
    const home = homePath(textFlag(call, 'home'))
    const witness = openWitness(home, textFlag(call, 'name') ?? null)
    try {
      for (const vkey of listFlag(call, 'allow-log')) watchLog(home, vkey)
      const running = await serveWitness(witness, { host: textFlag(call, 'host') ?? '127.0.0.1', port: portOf(call) })
      // One JSON line in either manner: it is the file that `policy write --witness` reads.
      const ready = { name: witness.name, vkey: witness.cosigner.vkey.text, url: running.url }
      call.out.result(ready, JSON.stringify(ready))
      call.out.say({ zh: `见证服务已就绪,见证 ${witness.logs().length} 个日志;Ctrl-C 停止`, en: `The witness is ready and watches ${witness.logs().length} logs; Ctrl-C stops it` })
      await untilStopped(call.stop, call.flags['until-eof'] === true)
      await running.stop()
      return 0
    } finally {
      witness.close()
    }
  },
}

function portOf(call: CommandCall): number {
  const text = textFlag(call, 'port') ?? '0'
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 65_536
  if (port > 65_535) throw cliFailures.WRONG_ARGUMENT({ what: '--port', why: expects('0–65535'), command: 'witness' })
  return port
}

async function untilStopped(stop: AbortSignal | undefined, untilEof: boolean): Promise<void> {
  if (stop?.aborted === true) return
  await new Promise<void>((resolve) => {
    stop?.addEventListener('abort', () => resolve(), { once: true })
    if (untilEof) process.stdin.once('end', () => resolve()).once('error', () => resolve()).resume()
  })
}
