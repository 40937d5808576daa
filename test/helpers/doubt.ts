import { type Agreement, AnswerSheet, type PlayedTrace } from '../../protocol/index.ts'

/** The same computation, of which nothing is known but how it begins and ends. */
export const unanswered = (trace: PlayedTrace): AnswerSheet => new AnswerSheet(trace.final, trace.hashAt(0n))

/** The same computation, and how a second execution compares. */
export const withAgreement = (trace: PlayedTrace, agreement: Agreement): PlayedTrace => ({
  ...trace,
  agreement: () => agreement,
})
