import { demandSsh, rsync, tailOf } from "../../communicator/index.ts";
import type { ActionImplementation } from "../../engine/implementation.ts";
import { lastLines } from "../../host/program/tail-buffer.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { withWayIn } from "../../machine/memory.ts";
import { demandRunning } from "./inside.ts";
import { knownMachine } from "./known.ts";
import { texts } from "./texts.ts";

export const vmRsync: ActionImplementation = {
  run: async (input, { check }, context) => {
    const known = await knownMachine(input, context);
    const run = await demandRunning(known, context);
    const machine = withWayIn(known.memory, known.folder);
    const direction = input.direction === "out" ? "out" : "in";
    const [source, dest] = [String(input.source), String(input.dest)];
    const changes = new ChangeCounter();
    const phase = "rsync";
    context.progress({ phase });
    const sides = direction === "in" ? { local: source, remote: dest } : { local: dest, remote: source };
    // A line for each thing that is changed, and none for what is not.
    const options = ["--itemize-changes", ...(check ? ["--dry-run"] : []), ...texts(input.options)];
    const result = await rsync(
      demandSsh({ machine, folder: known.folder, run }),
      {
        ...sides,
        direction,
        options,
        timeoutMs: Number(input.timeout) * 1000,
        onOutput: (stream, chunk) => {
          const line = stream === "stdout" ? changes.push(chunk) : null;
          if (line) context.progress({ phase, detail: line });
        },
      },
      context,
    );
    if (result.exitCode !== 0) throw failed(machine.name, result.exitCode, result.stderr);
    const count = changes.count();
    return { changed: count > 0, output: { changes: count, stdout: tailOf(result.stdout) } };
  },
};

/** Counts lines of --itemize-changes (rsync(1)): eleven letters, or `*deleting`. */
class ChangeCounter {
  #rest = "";
  #count = 0;

  /** Gives the last whole line. */
  push(chunk: Uint8Array): string | null {
    const lines = (this.#rest + Buffer.from(chunk).toString("utf8")).split("\n");
    this.#rest = (lines.pop() ?? "").slice(-4096);
    this.#count += lines.filter(isChange).length;
    return lines.at(-1) ?? null;
  }

  count(): number {
    return this.#count + (isChange(this.#rest) ? 1 : 0);
  }
}

const isChange = (line: string): boolean => /^(?:[<>ch.][fdLDS][^ ]{9}|\*deleting {2,}) ?\S/.test(line);

function failed(name: string, exitCode: number, stderr: string): GuestkitError {
  const said = lastLines(stderr, 20).join("\n");
  return new GuestkitError("E_GUEST_RSYNC", `Cannot sync with "${name}": rsync ended with ${exitCode}\n${said}`, {
    help: "See EXIT VALUES in rsync(1).",
  });
}
