import { print } from '../files.ts'
import { table } from '../text.ts'

/** Amounts go as digits in quotes: they are larger than JSON's numbers are exact. What is not there is null. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : (item ?? null)), 2)

export type Rows = readonly (readonly [name: string, value: string])[]

/** Prints a report as JSON, or its rows for people. */
export const printReport = (json: boolean | undefined, report: unknown, rows: Rows): Promise<void> =>
  print(process.stdout, `${json ? jsonText(report) : table(rows)}\n`)
