// SPDX-License-Identifier: Apache-2.0
import { DatabaseError } from 'pg'
import { describe, expect, it } from 'vitest'
import { sqlErrorOf } from './sql-errors.ts'

function refusedWith(code: string, message: string): Error {
  const error = new DatabaseError(message, 0, 'error')
  error.code = code
  return sqlErrorOf(error)
}

describe('what the server says of its files', () => {
  it.each([
    ['XX001', 'invalid page in block 7 of relation "base/16384/16512"', 'PG_PAGE_DAMAGED', 65, 'pg/data/base/16384/16512'],
    ['XX002', 'index "record_pkey" contains corrupted page at block 3', 'PG_PAGE_DAMAGED', 65, 'pg/data'],
    ['53100', 'could not extend file "base/16384/16512": No space left on device', 'PG_DISK_FULL', 74, 'pg/data/base/16384/16512'],
    ['58030', 'could not read blocks 0..0 in file "global/1262": Input/output error', 'PG_FILE_TROUBLE', 74, 'pg/data/global/1262'],
  ])('%s is a failure that names the file', (state, message, code, exitCode, file) => {
    const failure = refusedWith(state, message)
    expect(failure).toMatchObject({ code, exitCode })
    expect(failure.message).toContain(file)
  })

  it('never repeats a message that could quote a value', () => {
    expect(refusedWith('23505', 'Key (name)=(张三) already exists').message).not.toContain('张三')
    expect(refusedWith('XX001', 'invalid page of "张三"').message).not.toContain('张三')
  })
})
