import type { Module } from '../binary/module.ts'

/** Segments that instructions refer to; only those are needed when the program runs. */

/** Ascending indices. */
export const referencedElements = ({ functions }: Module): number[] =>
  ascending(functions.flatMap(({ body }) => body.flatMap((code) => ('element' in code ? [code.element] : []))))

/** Ascending indices. */
export const referencedData = ({ functions }: Module): number[] =>
  ascending(functions.flatMap(({ body }) => body.flatMap((code) => ('data' in code ? [code.data] : []))))

const ascending = (indices: readonly number[]): number[] => [...new Set(indices)].sort((a, b) => a - b)
