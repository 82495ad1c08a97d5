// SPDX-License-Identifier: Apache-2.0
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { gb18030Of, tarOf } from '../../../../tools/files/write-files.ts'
import { rawZip } from '../../../../tools/hostile/raw-zip.ts'
import { readBytes } from '../documents/read-bytes.fixture.ts'

const csv = '姓名,手机号\n张三,13800001111\n李四,13800001112\n'

/** A ZIP whose names are other bytes of the same length than `rawZip` writes. */
function renamed(zip: Buffer, from: string, to: Buffer): Buffer {
  for (let at = zip.indexOf(from); at >= 0; at = zip.indexOf(from, at + 1)) to.copy(zip, at)
  return zip
}

describe('the names in a ZIP', () => {
  it('are read as Windows writes them in China, and two of them stay two', async () => {
    const names = ['客户张三.csv', '客户李四.csv'].map(gb18030Of)
    const zip = ['AAAAAAAA.csv', 'BBBBBBBB.csv'].reduce((bytes, name, i) => renamed(bytes, name, names[i] ?? Buffer.alloc(0)), rawZip([{ name: 'AAAAAAAA.csv', data: csv, says: { flags: 0 } }, { name: 'BBBBBBBB.csv', data: csv, says: { flags: 0 } }]))
    const { sources, notRead } = await readBytes('a.zip', zip)
    expect([sources, notRead]).toEqual([['a.zip zip', 'a.zip!客户张三.csv csv', 'a.zip!客户李四.csv csv'], []])
  })

  it('follow the field that gives them in Unicode, when it belongs to them', async () => {
    const unicode = (name: string, of: string): Buffer => {
      const body = Buffer.concat([Buffer.from([1, 0, 0, 0, 0]), Buffer.from(name)])
      body.writeUInt32LE(crc32(Buffer.from(of)), 1)
      return Buffer.concat([Buffer.from([0x75, 0x70, body.length, 0]), body])
    }
    const { sources } = await readBytes('a.zip', rawZip([{ name: '?.csv', data: csv, says: { extra: unicode('赵六.csv', '?.csv') } }, { name: 'b.csv', data: csv, says: { extra: unicode('王五.csv', 'other.csv') } }]))
    expect(sources).toEqual(['a.zip zip', 'a.zip!赵六.csv csv', 'a.zip!b.csv csv'])
  })
})

describe('what is no file in an archive', () => {
  it('is listed: links, folders with bytes and comments of a ZIP', async () => {
    const zip = rawZip([{ name: 'link', data: '/etc/passwd' }, { name: 'folder/', data: 'bytes' }, { name: 'a.csv', data: csv }], { comment: Buffer.from('张三') })
    const directory = zip.indexOf(Buffer.from('504b0102', 'hex'))
    zip.writeUInt8(3, directory + 5)
    zip.writeUInt32LE(0o120777 * 0x10000, directory + 38)
    expect(await readBytes('a.zip', zip)).toMatchObject({ sources: ['a.zip zip', 'a.zip!a.csv csv'], notRead: ['a.zip COMMENT', 'a.zip!link SYMBOLIC_LINK', 'a.zip!folder/ FOLDER_BYTES'] })
  })

  it('does not hide what follows the end of a TAR: an archive that was appended is read, other bytes are listed', async () => {
    const both = Buffer.concat([tarOf([{ name: 'a.csv', data: csv }]), tarOf([{ name: 'b.csv', data: csv }])])
    expect(await readBytes('a.tar', both)).toMatchObject({ sources: ['a.tar tar', 'a.tar!a.csv csv', 'a.tar!b.csv csv'], notRead: [] })
    for (const after of ['x'.repeat(600), 'x'.repeat(10)]) expect((await readBytes('b.tar', Buffer.concat([tarOf([{ name: 'a.csv', data: csv }]), Buffer.from(after)]))).notRead).toEqual(['b.tar TRAILING_BYTES'])
  })

  it('is listed in a TAR: sparse files and folders with bytes; names are read in GB18030', async () => {
    const record = '26 GNU.sparse.name=a.csv\n'.replace(/^\d+/, String('26 GNU.sparse.name=a.csv\n'.length))
    const { notRead } = await readBytes('a.tar', tarOf([{ name: 'pax', type: 'x', data: record }, { name: 'a.csv', data: csv }, { name: 'folder', type: '5', data: 'bytes' }]))
    expect(notRead).toEqual(['a.tar!a.csv SPARSE_FILE', 'a.tar!folder FOLDER_BYTES'])
    const named = tarOf([{ name: 'AAAAAAAA.csv', data: csv }])
    gb18030Of('客户张三').copy(named)
    named.write('        ', 148)
    named.write(`${named.subarray(0, 512).reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148)
    expect((await readBytes('b.tar', named)).sources).toEqual(['b.tar tar', 'b.tar!客户张三.csv csv'])
  })
})
