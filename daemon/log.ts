/** How much an event matters; a level shows itself and those after it. */
export const LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type Level = (typeof LEVELS)[number]

export type Field = string | number | bigint | boolean | undefined
export type Fields = Readonly<Record<string, Field>>

/** Tells one event with its fields. */
export type Log = (level: Level, event: string, fields?: Fields) => void

/** One line of JSON for each event at or above a level: time, level, player, event, then the fields. */
export function createLog(player: string, least: Level, write: (line: string) => void): Log {
  const bar = LEVELS.indexOf(least)
  return (level, event, fields = {}) => {
    if (LEVELS.indexOf(level) < bar) return
    const entry = { time: new Date().toISOString(), level, player, event, ...fields }
    write(`${JSON.stringify(entry, (_, value) => (typeof value === 'bigint' ? value.toString() : value))}\n`)
  }
}

/** Tells of a subject when what is to be told of it changes, not at every look. */
export interface Teller {
  once(subject: string, level: Level, event: string, fields: Fields): void
  /** The subject is as it should be: what is told of it next is news. */
  clear(subject: string): void
}

/** What makes a line another one: messages may differ in a number, and times always do. */
const TELLING = ['reason', 'error', 'told'] as const

/** A log that does not repeat itself. */
export function createTeller(log: Log): Teller {
  const told = new Map<string, string>()
  return {
    once(subject, level, event, fields) {
      const line = [event, ...TELLING.map((name) => fields[name])].join(' ')
      if (told.get(subject) === line) return
      told.set(subject, line)
      log(level, event, fields)
    },
    clear: (subject) => void told.delete(subject),
  }
}
