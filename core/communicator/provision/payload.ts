import { randomBytes } from "node:crypto";
import { readNamedFile } from "../../host/named-file.ts";
import { ownPath } from "../../kit/caller-path.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { shellQuote } from "../../kit/shell.ts";
import { reasonOf } from "../../kit/system-error.ts";
import type { ProvisionStep } from "../../machine/machine.ts";
import type { WayKind } from "../index.ts";

/** How a step gets into the guest: a loader that anybody may see, and all else over its standard input. */
export interface Payload {
  readonly loader: (kind: WayKind) => string;
  readonly input: Uint8Array;
  /** Ends the step in the guest. */
  readonly giveUp: string;
}

const END = "#guestkit-end";

/** Throws `E_PROVISION_FILE`, `E_PROVISION_ENVIRONMENT`. */
export async function payloadOf(step: ProvisionStep): Promise<Payload> {
  const script = await scriptOf(step);
  const exports = Object.entries({ ...step.environment, ...step.secret_environment });
  const lines = exports.map(([name, value]) => `export ${variable(step, name)}=${quoted(step, name, value)}\n`);
  const folder = `/tmp/.guestkit-${randomBytes(8).toString("hex")}`;
  return {
    loader: (kind) => loader(folder, script.length, step.file === null, kind === "ssh"),
    input: Buffer.concat([Buffer.from(`${lines.join("")}${END}\n`), script]),
    giveUp: `kill -TERM "$(cat ${folder}/pid)"`,
  };
}

async function scriptOf({ name, file, inline }: ProvisionStep): Promise<Uint8Array> {
  if (file === null) return Buffer.from(["set -e", ...inline, ""].join("\n"));
  return await readNamedFile(ownPath(file)).catch((cause) => {
    throw new GuestkitError("E_PROVISION_FILE", `Cannot read "${file}" of step "${name}": ${reasonOf(cause)}`, {
      cause,
      at: { file: String(file) },
    });
  });
}

function variable({ name: step }: ProvisionStep, name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new GuestkitError(
    "E_PROVISION_ENVIRONMENT",
    `Cannot use "${name}" in step "${step}": it is no variable's name`,
    {
      help: "Use letters, digits and _ alone.",
    },
  );
}

function quoted({ name: step }: ProvisionStep, name: string, value: string): string {
  if (!value.includes("\0")) return shellQuote(value);
  throw new GuestkitError("E_PROVISION_ENVIRONMENT", `Cannot use "${name}" in step "${step}": it holds a zero byte`);
}

/**
 * Reads the environment line by line (`read` takes no byte too many), then the script, and runs it in a session of its
 * own. Whatever ends it takes the script's whole session and the folder with it; where standard input is held open, its
 * end does so too: whoever started the step is gone.
 */
function loader(folder: string, size: number, inline: boolean, held: boolean): string {
  return `gk=${folder}
gk_mask=$(umask); umask 077
mkdir "$gk" || exit 125
trap 'rm -rf "$gk"' EXIT
echo $$ > "$gk/pid"
gk_env=
while IFS= read -r gk_line && [ "$gk_line" != "${END}" ]; do
gk_env="$gk_env$gk_line
"
done
head -c ${size} > "$gk/step" && chmod 700 "$gk/step" || exit 125
umask "$gk_mask"
gk_session=
command -v setsid >/dev/null 2>&1 && gk_session=setsid
exec 3<&0
( eval "$gk_env"; exec 3<&- </dev/null $gk_session ${inline ? 'sh "$gk/step"' : '"$gk/step"'} ) &
gk_pid=$!
gk_end() {
trap '' HUP INT TERM
kill -TERM "-$gk_pid" 2>/dev/null || kill -TERM "$gk_pid" 2>/dev/null
( sleep 5; kill -KILL "-$gk_pid" || kill -KILL "$gk_pid" ) >/dev/null 2>&1 3<&- &
wait "$gk_pid" 2>/dev/null
kill $! 2>/dev/null
exit 143
}
trap gk_end HUP INT TERM
${held ? "( while read -r gk_line; do :; done; kill -TERM $$ ) <&3 >/dev/null 2>&1 &\ngk_watch=$!" : "gk_watch="}
wait "$gk_pid"
gk_code=$?
[ -z "$gk_watch" ] || kill "$gk_watch" 2>/dev/null
exit $gk_code`;
}
