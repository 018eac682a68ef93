import type { Invocation } from "./command.ts";

/** What `--host` and GUESTKIT_HOST say; null: here. Verbs for programs and shells are about this side alone. */
export function hostOf({ command: { group }, values }: Pick<Invocation, "command" | "values">): string | null {
  if (group === "For programs and shells") return null;
  return values.host ?? (process.env.GUESTKIT_HOST || null);
}
