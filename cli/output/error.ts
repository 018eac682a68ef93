import { asGuestkitError, printable, reportError } from "@guestkit/core/kit";
import { calm } from "./json.ts";

/** Shows an error on standard error: one document with `json`, else `Cannot ...` and what helps. */
export function printError(error: unknown, json: boolean, prefix = ""): void {
  if (json) {
    process.stderr.write(`${calm(JSON.stringify({ error: reportError(error) }))}\n`);
    return;
  }
  const { message, help, cause } = asGuestkitError(error);
  const lines = [
    prefix + message,
    help && `  ${help}`,
    debugging() && cause instanceof Error && (cause.stack ?? cause.message),
  ];
  process.stderr.write(
    `${lines
      .filter(Boolean)
      .map((line) => safe(String(line)))
      .join("\n")}\n`,
  );
}

function debugging(): boolean {
  return ["debug", "trace"].includes(process.env.GUESTKIT_LOG ?? "");
}

/** Line by line, so that what an image says cannot disturb the terminal. */
function safe(text: string): string {
  return text
    .split("\n")
    .map((line) => printable(line).replaceAll("\\\\", "\\"))
    .join("\n");
}
