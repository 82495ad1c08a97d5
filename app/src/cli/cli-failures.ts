// SPDX-License-Identifier: Apache-2.0
import { failures } from '../kit/failure.ts'

/** Failures of the command line itself (exit codes: UX.md §5). */
export const cliFailures = failures({
  UNKNOWN_COMMAND: {
    exit: 2,
    zh: '没有名为「{given}」的命令{guess},没有执行任何操作',
    en: 'There is no command "{given}"{guess}; nothing was done',
    remedy: { zh: '运行 handover help 查看全部命令', en: 'Run handover help for all commands' },
  },
  WRONG_OPTION: {
    exit: 2,
    zh: '选项 {given} 不能这样用{guess},没有执行任何操作',
    en: 'The option {given} cannot be used like this{guess}; nothing was done',
    remedy: { zh: '运行 handover {command} --help 查看选项和示例', en: 'Run handover {command} --help for options and an example' },
  },
  MISSING_ARGUMENT: {
    exit: 2,
    zh: '缺少{what},没有执行任何操作',
    en: '{what} is missing; nothing was done',
    remedy: { zh: '运行 handover {command} --help 查看用法和示例', en: 'Run handover {command} --help for usage and an example' },
  },
  WRONG_ARGUMENT: {
    exit: 2,
    zh: '{what} 不合要求:{why};没有执行任何操作',
    en: '{what} is not acceptable: {why}; nothing was done',
    remedy: { zh: '运行 handover {command} --help 查看用法和示例', en: 'Run handover {command} --help for usage and an example' },
  },
  PASSWORD_ON_COMMAND_LINE: {
    exit: 2,
    zh: '命令行里的连接串带有口令,其他用户可能看到,已拒绝执行',
    en: 'A connection string with a password stands on the command line, where others can read it; refused',
    remedy: { zh: '去掉口令,改用口令文件或凭据存储;并考虑更换该口令', en: 'Leave the password out and use a password file or a credential store; consider changing that password' },
  },
  WORDS_ON_COMMAND_LINE: {
    exit: 2,
    zh: '{option} 的内容不收在命令行里:其中常有人名和单位名,命令行会留在历史记录里,本机其他用户也看得到;没有执行',
    en: 'The words of {option} are not taken from the command line: they name people and firms, and a command line stays in histories and can be read by others on this machine; nothing was done',
    remedy: { zh: '写进文件后用 {option} @文件,或用 {option} @- 从标准输入读取', en: 'Write them to a file and give {option} @FILE, or {option} @- to read standard input' },
  },
  NOT_BUILT: {
    exit: 2,
    zh: '命令 {command} 尚未建成,没有执行任何操作',
    en: 'The command {command} is not built yet; nothing was done',
    remedy: { zh: '运行 handover help 查看已建成的命令', en: 'Run handover help for the commands that exist' },
  },
  UNKNOWN_CODE: {
    exit: 2,
    zh: '没有代码「{given}」{guess}',
    en: 'There is no code "{given}"{guess}',
    remedy: { zh: '照错误信息末行原样抄写代码', en: 'Copy the code from the last line of the message' },
  },
  FILE_EXISTS: {
    exit: 2,
    zh: '文件 {file} 已经存在,为免覆盖没有写入',
    en: 'The file {file} exists; it was not overwritten',
    remedy: { zh: '换一个文件名,或先移走原文件', en: 'Choose another name or move the old file away' },
  },
  FILE_TROUBLE: {
    exit: 74,
    zh: '文件或磁盘出错({why}{path}),正在进行的一步没有完成;已提交的内容不受影响',
    en: 'A file or the disk failed ({why}{path}); the step under way was not completed, what was committed stands',
    remedy: { zh: '检查路径、权限和剩余空间后再次运行同一命令', en: 'Check path, permission and free space, then run the same command again' },
  },
  NETWORK_TROUBLE: {
    exit: 69,
    zh: '连不上所需的服务({why}),正在进行的一步没有完成;已提交的内容不受影响',
    en: 'A service cannot be reached ({why}); the step under way was not completed, what was committed stands',
    remedy: { zh: '检查网络和对方服务后再次运行同一命令', en: 'Check the network and the other side, then run the same command again' },
  },
  PROOF_REFUSED: {
    exit: 65,
    zh: '文件或签名没有通过核验({why}),未予采信',
    en: 'A file or signature did not pass verification ({why}) and is not trusted',
    remedy: { zh: '请对方重新提供原件,不要使用这一份;细节可用 handover verify 查看', en: 'Ask the other side for the original again and do not use this one; handover verify shows details' },
  },
  PAUSED: {
    exit: 130,
    zh: '已按要求暂停;已提交的进度都已保存',
    en: 'Paused as asked; all committed progress is kept',
    remedy: { zh: '继续请再次运行同一命令:{command}', en: 'To go on run the same command again: {command}' },
  },
  BUG: {
    exit: 1,
    zh: '程序内部错误({where}),已停止以免出错;已提交的内容不受影响',
    en: 'An error inside the program ({where}); stopped to be safe, what was committed stands',
    remedy: {
      zh: '再运行一次;如仍出现,把本行代码和位置告诉技术支持(设 HANDOVER_DEBUG=1 可看细节,细节可能含个人信息,不要外传)',
      en: 'Run it once more; if it stays, tell support this code and place (HANDOVER_DEBUG=1 shows details, which may hold personal information: do not pass them on)',
    },
  },
})
