/** A place in a file and what is to stand there instead. */
export interface Edit {
  /** From the project's root. */
  readonly file: string
  /** Stands in the file exactly once. */
  readonly from: string
  readonly to: string
}

/** A test file, or the tests of it whose titles contain `name`. */
export interface Evidence {
  readonly file: string
  readonly name?: string
}

/** A classic mistake, made on purpose: one of its tests must then fail. */
export interface PlantedBug {
  /** Short, unique, for the command line. */
  readonly id: string
  /** What the code does wrong, as a reviewer would say it. */
  readonly what: string
  /** Places in both languages make a bug on which the twins agree: only evidence from outside can show it. */
  readonly edits: readonly Edit[]
  /** The quickest first. */
  readonly tests: readonly Evidence[]
}
