export { type Config, ConfigError, KEY_VARIABLE, readConfig } from './config.ts'
export { createLog, type Fields, LEVELS, type Level, type Log } from './log.ts'
export { createPlayer, type Player, type PlayerParts } from './player.ts'
export { EXIT, keepPolling, type Role, runDaemon } from './run.ts'
