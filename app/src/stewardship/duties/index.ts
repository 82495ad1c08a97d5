// SPDX-License-Identifier: Apache-2.0
// The door of duties: settling one, and the calendar file.
export { calendarFile, type CalendarOptions } from './calendar-file.rules.ts'
export { dutyFailures } from './duty-failures.ts'
export { settleDuty } from './settle-duty.ts'
