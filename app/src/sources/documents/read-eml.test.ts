// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { gb18030Of } from '../../../../tools/files/write-files.ts'
import { decodeHeader, decodeMail } from './decode-mail.ts'
import { htmlLines } from './html-text.ts'
import { readBytes } from './read-bytes.fixture.ts'

const head = (type: string, more = ''): Buffer => Buffer.from(`From: a@example.com\r\nTo: b@example.com\r\nSubject: x\r\n${more}MIME-Version: 1.0\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n`)
const text = '客户张三，电话13800001111'
const mail = async (type: string, body: Buffer | string, more = '') => readBytes('a.eml', Buffer.concat([head(type, more), Buffer.from(body)]))

describe('the character set of a mail', () => {
  it('is found where none or a wrong one is declared', async () => {
    for (const [type, body] of [['text/plain', text], ['text/plain', gb18030Of(text)], ['text/plain; charset=us-ascii', gb18030Of(text)], ['text/plain; charset=iso-8859-1', gb18030Of(text)], ['text/plain; charset=gb2312', text], ['text/plain; charset=utf-8', gb18030Of(text)], ['text/plain; charset=cp936', gb18030Of(text)]] as const) {
      const { tables, notRead } = await mail(type, body)
      expect([type, tables['a.eml']?.flat(), notRead]).toEqual([type, [text], []])
    }
    expect(decodeMail(Buffer.from('Größe', 'latin1'), 'iso-8859-1')).toEqual({ text: 'Größe', isSure: true })
    expect(decodeMail(gb18030Of('联通'), 'gbk').text).toBe('联通')
  })

  it('makes the part stand in the list where it is unknown or does not fit', async () => {
    for (const [type, body] of [['text/plain; charset=hz-gb-2312', '~{5XUE~}'], ['text/plain; charset=x-mystery', Buffer.from([0xff, 0x41, 0xff])], ['text/plain; charset=utf-8', Buffer.from([0xff, 0x41, 0xff])]] as const) expect((await mail(type, body)).notRead).toEqual(['a.eml!part0 MAIL_CHARSET'])
  })

  it('is that of each header, whose words may be cut in the middle of a character', async () => {
    const bytes = Buffer.from('张三丰')
    const cut = `=?utf-8?B?${bytes.subarray(0, 4).toString('base64')}?= =?utf-8?B?${bytes.subarray(4).toString('base64')}?=`
    expect(decodeHeader(`${cut} (=?gb2312?Q?=C0=EE=CB=C4?=)`)).toEqual({ text: '张三丰 (李四)', isSure: true })
    const { tables } = await mail('text/plain', 'x', `X-Customer: ${cut}\r\nSender: ${cut} <c@example.com>\r\n`)
    expect(tables['a.eml#headers']?.flat()).toContain('X-Customer: 张三丰')
    expect(tables['a.eml#addresses']).toContainEqual(['代发人', '张三丰', 'c@example.com'])
    const raw = await readBytes('b.eml', Buffer.concat([Buffer.from('From: '), gb18030Of('王五'), Buffer.from(' <w@example.com>\r\nFrom: second@example.com\r\nTo: people: x@example.com;\r\n\r\nbody')]))
    expect(raw.tables['b.eml#addresses']).toEqual([['发件人', '王五', 'w@example.com'], ['发件人', '', 'second@example.com'], ['收件人', 'people', ''], ['收件人', '', 'x@example.com']])
  })
})

describe('the parts of a mail', () => {
  it('all are read: a head that never ends, targets, comments, scripts, attributes, text before the first part', async () => {
    expect(htmlLines('<html><head><title>标题</title><body><p>客户张三</p><a href="mailto:%E5%BC%A0@example.com">写信</a><!-- 李四 --><script>{"name":"王五"}</script><img alt="赵六"><style>p{}</style>')).toEqual(['标题', '客户张三', '写信', '李四', '{"name":"王五"}', 'mailto:张@example.com', '赵六'])
    expect(htmlLines('<style>p{} 客户张三').join()).toContain('客户张三')
    const { tables } = await mail('multipart/mixed; boundary=b', '孙八在前\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n正文\r\n--b--\r\n周七在后\r\n')
    expect(tables['a.eml']?.flat()).toEqual(['孙八在前', '正文', '周七在后'])
  })

  it('an attached mail is one whatever it is called, and names that stand twice are told apart', async () => {
    const attached = (name: string): string => `--b\r\nContent-Type: message/rfc822; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\nFrom: in@example.com\r\nSubject: y\r\n\r\n内文\r\n`
    const { sources, tables, notRead } = await mail('multipart/mixed; boundary=b', `${attached('报告')}${attached('报告')}--b--\r\n`)
    expect(sources).toEqual(['a.eml eml', 'a.eml!报告.eml eml', 'a.eml!报告 (2).eml eml'])
    expect([tables['报告.eml'], notRead]).toEqual([[['内文']], []])
  })

  it('pictures that stand in the HTML itself are files', async () => {
    const { notRead } = await mail('text/html; charset=utf-8', '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">')
    expect(notRead).toEqual(['a.eml!picture-1.gif SOURCE_UNSUPPORTED'])
  })
})
