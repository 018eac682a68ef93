import { GuestkitError } from "@guestkit/core/kit";

const [CTRL_C, CTRL_D, CTRL_U, BACKSPACE, DELETE] = ["\x03", "\x04", "\x15", "\b", "\x7f"] as const;

/**
 * A line from the terminal that is shown nowhere; null where it is empty. Throws `E_INTERRUPTED`.
 */
export async function askSecret(question: string, signal: AbortSignal): Promise<string | null> {
  const { stdin, stderr } = process;
  // Before the question: what is typed at once is not shown either.
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  stderr.write(question);
  try {
    const line = await readLine(stdin, signal);
    return line === "" ? null : line;
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write("\n");
  }
}

function readLine(stdin: NodeJS.ReadStream, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const typed: string[] = [];
    const end = (settle: () => void) => {
      stdin.off("data", take);
      signal.removeEventListener("abort", stop);
      settle();
    };
    const stop = () => end(() => reject(new GuestkitError("E_INTERRUPTED", "Cannot finish: interrupted")));
    const take = (text: string) => {
      for (const letter of text) {
        if (letter === CTRL_C) return stop();
        if (letter === "\r" || letter === "\n" || letter === CTRL_D) return end(() => resolve(typed.join("")));
        if (letter === BACKSPACE || letter === DELETE) typed.pop();
        else if (letter === CTRL_U) typed.length = 0;
        else typed.push(letter);
      }
    };
    signal.addEventListener("abort", stop);
    stdin.on("data", take);
    stdin.resume();
  });
}
