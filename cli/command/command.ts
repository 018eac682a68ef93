/** An option of a verb. */
export interface Option {
  /** A switch, or one that takes a value. */
  readonly kind: "flag" | "value";
  readonly short?: string;
  /** What the value is called in help: `SIZE`. */
  readonly placeholder?: string;
  readonly description: string;
  readonly choices?: readonly string[];
  /** The value names a host file: shells complete it. */
  readonly file?: boolean;
  /** May be given more than once: its values are in `lists`. */
  readonly multiple?: boolean;
  /** It is of the machine where the command is typed, which another host does not have: what to do instead there. */
  readonly here?: string;
  /** One text may hold several values of such an option, separated by commas. */
  readonly commas?: boolean;
  /** Of --json: the documents that it may print. */
  readonly prints?: readonly Printed[];
}

/** A document of core/model/documents, or the answer of a contract, by its name: `guestkit schema` shows it. */
export interface Printed {
  readonly schema: string;
  /** The list in it whose elements are printed instead, a line each. */
  readonly list?: string;
}

export interface Positional {
  readonly name: string;
  readonly description: string;
  readonly optional?: boolean;
  readonly choices?: readonly string[];
  /** What shells offer, where other words are right as well. */
  readonly suggestions?: readonly string[];
  /** It names a host file: shells complete it. */
  readonly file?: boolean;
  /** As of an option. */
  readonly here?: string;
  /** It names a machine: shells complete it. */
  readonly machine?: boolean;
  /** It names a file here, or one in a machine (NAME:PATH): shells complete both. */
  readonly remote?: boolean;
  /** The verb that lists what it may be, asked with the arguments before it: shells complete it. */
  readonly listedBy?: string;
  /** The last one alone: it may be given more than once, with options between and after. */
  readonly several?: boolean;
  /** The last one alone: it takes everything that is left, options of other programs too. */
  readonly many?: boolean;
}

export type Group =
  | "Look into images"
  | "Make images"
  | "Machines"
  | "Declare"
  | "This host"
  | "For programs and shells";

/** A verb as plain data; what it does is loaded when it is called. */
export interface Command {
  /** One word, or a group's and its own: `vm stop`, `vm snapshot take`. */
  readonly name: string;
  readonly group: Group;
  readonly summary: string;
  /** Further paragraphs of its help. */
  readonly details?: string;
  readonly positionals: readonly Positional[];
  readonly options: Readonly<Record<string, Option>>;
  readonly examples: readonly { readonly line: string; readonly note: string }[];
  /** The query or action that it asks. */
  readonly contract?: string;
  /** Documents that it prints without --json as well. */
  readonly prints?: readonly Printed[];
  /** Ctrl-C stops it in an orderly way (a second one at once) instead of ending the process. */
  readonly graceful?: boolean;
  /** It is told of --host, and goes there by itself. */
  readonly goesThere?: boolean;
  /** It runs where it is typed alone: what to do instead for another host. */
  readonly here?: string;
  readonly load: () => Promise<Verb>;
}

/** The module of a verb. */
export interface Verb {
  /** Gives the exit code. */
  run(invocation: Invocation): Promise<number>;
}

/** A parsed command line. */
export interface Invocation {
  readonly command: Command;
  readonly positionals: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: Readonly<Record<string, string | undefined>>;
  /** Values of options that may be given more than once. */
  readonly lists: Readonly<Record<string, readonly string[] | undefined>>;
  readonly signal: AbortSignal;
  /** What followed the verb, but for --host. */
  readonly words: readonly string[];
}

/** Documented in docs/cli.md; fixed by the interfaces document. */
export const EXIT = { done: 0, failed: 1, changes: 2, usage: 64, interrupted: 130, pipe: 141 } as const;
