import type { Hash } from '../../../interpreter/index.ts'
import type { PlayerProcess } from '../cast.ts'
import type { Computation, Module } from '../computation.ts'
import { type Transaction, told } from '../history.ts'
import type { Judged } from '../judged.ts'
import type { Market } from '../market.ts'
import { moveOf } from '../moves.ts'
import { type Role, roleOf } from '../parties.ts'
import type { Sabotage } from '../sabotage.ts'
import { count, duration, type Paint, type Print } from '../text.ts'
import { answerLines, questionLines, type Scene, verdictLine, verdictLines } from './events.ts'
import { gameIntroduction, MOVE_HEAD, moveRow } from './game-table.ts'
import { judgedLines } from './judged.ts'
import { OPENING, stageLines, TITLE } from './stage.ts'

/** Tells what happens, while it happens. */
export interface Story {
  stage(market: Market, module: Module, url: string): void
  act(title: string, market: Market, computation: Computation, sabotage?: Sabotage): ActStory
}

/** Tells one act; a section begins with what is first told in it. */
export interface ActStory {
  players(players: readonly PlayerProcess[]): void
  transaction(transaction: Transaction): void
  /** What an honest verifier does about a true answer. */
  agreement(): void
  judged(judged: Judged): void
  clock(seconds: bigint): void
}

interface Voice {
  lines(all: readonly string[]): void
  heading(text: string): void
}

export function createStory(print: Print, paint: Paint): Story {
  const lines = (all: readonly string[]) => {
    for (const line of all) print(line)
  }
  const voice: Voice = { lines, heading: (text) => lines(['', paint('bold', text)]) }
  return {
    stage(market, module, url) {
      lines([paint('bold', TITLE), ...OPENING])
      voice.heading('THE STAGE')
      lines(stageLines(market, module, url))
    },
    act(title, market, computation, sabotage) {
      lines(['', '', paint('bold', title)])
      return tellAct(voice, market, computation, sabotage)
    },
  }
}

function tellAct(voice: Voice, market: Market, computation: Computation, sabotage?: Sabotage): ActStory {
  const roles = new Map<Hash, Role>()
  const endings = sabotage === undefined ? [computation.truth] : [computation.truth, sabotage.corrupted]
  const scene: Scene = { market, computation, endings, roles }
  const [answers, verdict] = sabotage === undefined ? ['THE ANSWER', 'THE RESULT'] : ['THE ANSWERS', 'THE VERDICT']
  const tell = sections(voice)
  return {
    players(players) {
      tell('THE PLAYERS, each a process of its own', playerLines(players, sabotage))
    },
    transaction(transaction) {
      for (const { args } of told([transaction], 'Entered')) roles.set(args.entry, roleOf(args.owner))
      const { arity } = market.rules
      const moves = told([transaction], 'Moved').map((moved) => moveRow(moveOf(moved), arity))
      tell('THE QUESTION', questionLines(transaction, scene))
      tell(answers, answerLines(transaction, scene))
      tell('THE GAME', moves, [...gameIntroduction(arity), MOVE_HEAD])
      if (told([transaction], 'Proved').length === 0) tell(verdict, verdictLines(transaction, scene))
    },
    agreement() {
      tell(answers, ['  verifier  computes the same state: there is nothing to dispute, so it stakes nothing'])
    },
    judged(judged) {
      tell('THE JUDGED SUBSTEP', judgedLines(judged))
      tell(verdict, verdictLines(judged.transaction, scene))
    },
    clock(seconds) {
      const over = sabotage === undefined ? 'other answers' : 'other answers and games'
      tell(verdict, [
        verdictLine('clock', `turned forward by ${duration(Number(seconds))}: the time for ${over} is over`),
      ])
    },
  }
}

/** Each section begins once, with its introduction. */
function sections({ lines, heading }: Voice) {
  const begun = new Set<string>()
  return (title: string, all: readonly string[], introduction: readonly string[] = []) => {
    if (all.length === 0) return
    if (!begun.has(title)) {
      begun.add(title)
      heading(title)
      lines(introduction)
    }
    lines(all)
  }
}

const DOES: Readonly<Record<Role, string>> = { solver: 'answers', verifier: 'checks the answers' }

const playerLines = (players: readonly PlayerProcess[], sabotage?: Sabotage): string[] => [
  ...players.map(({ role, pid }) => `  ${role.padEnd(10)}process ${pid}, ${DOES[role]}`),
  ...(sabotage === undefined ? [] : secretLines(sabotage)),
]

const secretLines = ({ flip }: Sabotage): string[] => [
  `  What neither knows: the solver's machine has broken since act 1. In its step ${count(flip.step)},`,
  `  bit ${flip.bit} of the byte at memory address ${count(flip.address)} turns over by itself.`,
]
