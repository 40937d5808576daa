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

/** Tells of a subject when its reason changes, not at every look. */
export type TellOnce = (subject: string, event: string, fields: Fields & { reason: string }, level?: Level) => void

/** A log that does not repeat itself. */
export function onceUntilChanged(log: Log): TellOnce {
  const told = new Map<string, string>()
  return (subject, event, fields, level = 'info') => {
    if (told.get(subject) === fields.reason) return
    told.set(subject, fields.reason)
    log(level, event, fields)
  }
}
