import { asGuestkitError, printableLines, reportError, withoutSecrets } from "@guestkit/core/kit";
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
      .map((line) => printableLines(withoutSecrets(String(line))))
      .join("\n")}\n`,
  );
}

function debugging(): boolean {
  return ["debug", "trace"].includes(process.env.GUESTKIT_LOG ?? "");
}
