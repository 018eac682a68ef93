import { partialBeside, publishNew, sweepPartials, writeFile } from "@guestkit/core/engine";
import { GuestkitError } from "@guestkit/core/kit";

interface NewFileOptions {
  /** Whether a file that is there is replaced. */
  readonly overwrite: boolean;
  /** Of the refusal to do so. */
  readonly code: string;
}

/**
 * Beside its place, synced, renamed: for verbs that write to --output, where - stands for standard output. Throws `code`
 * where a file is there that is not to be replaced.
 */
export async function writeNew(path: string, text: string, { overwrite, code }: NewFileOptions): Promise<void> {
  try {
    await sweepPartials(path);
    await using partial = partialBeside(path, "text");
    await writeFile(partial.path, text);
    await (overwrite ? partial.publish() : publishNew(partial, path));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    throw new GuestkitError(code, `Cannot write "${path}": the file is there already`, {
      cause,
      at: { file: path },
      help: "Choose another with --output FILE, print it with --output -, or add --overwrite.",
    });
  }
}
