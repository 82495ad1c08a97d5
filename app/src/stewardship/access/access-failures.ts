// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** Failures about people, their keys, and acts that need two of them (CONTRACTS §18). */
export const accessFailures = failures({
  PERSON_UNKNOWN: {
    exit: 12,
    zh: '这把个人密钥({key})没有在本方登记,没有采用其签名',
    en: 'This personal key ({key}) is not registered here; its signature was not accepted',
    remedy: { zh: '先运行 handover user add --vkey 登记该人员的公钥', en: "Register the person's public key first with handover user add --vkey" },
  },
  PERSON_ENDED: {
    exit: 77,
    zh: '人员 {person} 的权限已经终止,其签名不再有效',
    en: 'The rights of person {person} have ended; their signature is no longer valid',
    remedy: { zh: '由在册的其他人员办理', en: 'Have another registered person do it' },
  },
  PERSON_KNOWN: {
    exit: 2,
    zh: '人员 {person} 已登记(角色或所属当事方不同),没有改动',
    en: 'Person {person} is registered already (with another role or party); nothing was changed',
    remedy: { zh: '先用 handover user end 终止,再为其生成新密钥登记', en: 'End it with handover user end first, then register a new key' },
  },
  PERSON_KEY_WRONG: {
    exit: 2,
    zh: '这不是个人公钥({why}),没有登记',
    en: 'This is not the public key of a person ({why}); nothing was registered',
    remedy: { zh: '请本人运行 handover user key -o 文件,并提供显示的公钥', en: 'Have the person run handover user key -o FILE and give you the public key that it shows' },
  },
  PERSON_MISSING: {
    exit: 2,
    zh: '没有人员 {person}',
    en: 'There is no person {person}',
    remedy: { zh: '运行 handover user list 查看', en: 'Run handover user list' },
  },
  PERSON_PARTY: {
    exit: 15,
    zh: '当事方 {party} 不在本事项中,或其六个口令词尚未核对,不能登记其人员',
    en: 'The party {party} is not in this matter, or its six words were not confirmed; none of its people can be registered',
    remedy: { zh: '先运行 handover party import 文件 --words "…"', en: 'Run handover party import FILE --words "…" first' },
  },
  ROLE_MAY_NOT_SIGN: {
    exit: 77,
    zh: '角色 {role} 的人员不能做这件事,须由这些角色的人员签名:{act}',
    en: 'A person with the role {role} may not do this; it takes one of: {act}',
    remedy: { zh: '由有相应角色的人员办理', en: 'Have a person with a fitting role do it' },
  },
  SIGNER_OTHER_SIDE: {
    exit: 77,
    zh: '人员 {person} 属于另一方({role}),不能替本方签署,没有登记',
    en: 'Person {person} belongs to another side ({role}) and may not sign this for us; nothing was recorded',
    remedy: { zh: '由本方、本方顾问或清算组的在册人员以自己的密钥签署', en: 'Have it signed by a registered person of this party, of its adviser or of the liquidation group' },
  },
  APPROVAL_MISSING: {
    exit: 13,
    zh: '{act} 需要两人审批,还没有针对这些内容的申请',
    en: '{act} needs the approval of two people, and nothing was requested for exactly these contents',
    remedy: { zh: '在同一命令后加 --request --key 本人密钥文件 提出申请,再由他人运行 handover approve', en: 'Make a request: the same command with --request --key YOUR-KEY; then others run handover approve' },
  },
  APPROVAL_INCOMPLETE: {
    exit: 13,
    zh: '{act}:申请 {request} 还缺 {missing} 人审批',
    en: '{act}: request {request} still lacks the approval of {missing}',
    remedy: { zh: '由另一人运行 handover approve {request} --key 其密钥文件', en: 'Have another person run handover approve {request} --key THEIR-KEY' },
  },
  APPROVAL_VOID: {
    exit: 13,
    zh: '{act}:已批准的申请 {request} 与现在要做的内容不同,该审批不适用',
    en: '{act}: the approved request {request} is for other contents than these; that approval does not apply',
    remedy: { zh: '内容改变后须重新申请、重新审批', en: 'Contents that changed need a new request and new approvals' },
  },
  APPROVAL_USED: {
    exit: 13,
    zh: '{act}:申请 {request} 的审批已经用过一次',
    en: '{act}: the approval of request {request} has been used',
    remedy: { zh: '再做一次须重新申请', en: 'Doing it again needs a new request' },
  },
  COOLING_OFF: {
    exit: 13,
    zh: '{act}:申请 {request} 已获批准,冷静期到 {until} 才结束',
    en: '{act}: request {request} is approved; its cooling-off ends at {until}',
    remedy: { zh: '届时再运行同一命令;在此之前可用 handover approval withdraw 撤回', en: 'Run the same command then; until then it can be withdrawn with handover approval withdraw' },
  },
  REQUEST_UNKNOWN: {
    exit: 13,
    zh: '没有审批申请 {request}',
    en: 'There is no request {request}',
    remedy: { zh: '运行 handover approval list 查看', en: 'Run handover approval list' },
  },
  REQUEST_ENDED: {
    exit: 13,
    zh: '申请 {request} 已{status},不能再审批',
    en: 'Request {request} is {status} and takes no more approvals',
    remedy: { zh: '如仍需办理,请重新申请', en: 'Make a new request if it is still needed' },
  },
  REQUESTER_ENDED: {
    exit: 13,
    zh: '{act}:申请 {request} 的申请人权限已经终止,该申请不再有效',
    en: '{act}: the rights of who asked for request {request} have ended; it no longer counts',
    remedy: { zh: '由在册人员重新申请、重新审批', en: 'Have a registered person ask again, and others approve again' },
  },
  OWN_REQUEST: {
    exit: 13,
    zh: '申请人不能审批自己的申请 {request}',
    en: 'Who asked may not approve; request {request}',
    remedy: { zh: '由另外的人审批', en: 'Have another person approve' },
  },
  APPROVAL_FILE_REFUSED: {
    exit: 65,
    zh: '审批文件没有通过核验({why}),没有采用',
    en: 'The approval file did not pass verification ({why}) and was not used',
    remedy: { zh: '请用 handover approval export 重新导出,由本人重新签名', en: 'Export it again with handover approval export and have it signed again' },
  },
})
