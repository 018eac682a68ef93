/** What a block that a word opens is closed by. */
const CLOSED_BY: Readonly<Record<string, string>> = {
  if: "fi",
  for: "done",
  while: "done",
  until: "done",
  select: "done",
  case: "esac",
  "{": "}",
  "(": ")",
};
/** They stand before a command within a block. */
const BETWEEN = ["then", "else", "elif", "do", "!", "time"];

/** The compound commands that a place in a script stands in (2.9.4 of XCU). */
export class Blocks {
  readonly #open: string[] = [];

  /** Whether what stands here may never be done, or more than once. */
  get isInside(): boolean {
    return this.#open.length > 0;
  }

  /** Tells what a word is where a command begins. */
  meet(word: string): "opens" | "closes" | "between" | "command" {
    const end = Object.hasOwn(CLOSED_BY, word) ? CLOSED_BY[word] : undefined;
    if (end !== undefined) {
      this.#open.push(end);
      return "opens";
    }
    // A pattern of case ends in a bracket that nothing has opened.
    if (word === this.#open.at(-1)) {
      this.#open.pop();
      return "closes";
    }
    return this.isInside && BETWEEN.includes(word) ? "between" : "command";
  }
}
