// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import type { Matter } from '../../matter/index.ts'
import { countHolders } from '../discover/index.ts'
import type { JudgedDataSet } from './evaluate-records.ts'

/** 人脸. Persons of whom the transferor still holds a face for recognition, in whichever copy (人脸识别技术应用安全管理办法 第十五条; rule K07). */
export async function countFaces(ctx: Context, matter: Matter, dataSets: readonly JudgedDataSet[]): Promise<number> {
  const fields = dataSets.flatMap(({ dataSet, units }) => units.filter(({ group }) => group?.biometric === 'face').flatMap(({ positions }) => positions.map((position) => ({ dataSetId: dataSet.id, position }))))
  return countHolders(ctx.db, { tenant: ctx.tenant, matterId: matter.id }, fields)
}
