/** The arguments and the answer of a command, in QEMU's own spelling (QEMU QMP Reference Manual). */
export interface Command<Arguments, Answer> {
  readonly arguments: Arguments;
  readonly answer: Answer;
}

/** Takes no arguments. */
export type NoArguments = Readonly<Record<string, never>>;
/** Answers with an empty object. */
export type NoAnswer = Readonly<Record<string, never>>;
