import { bash } from "./completion/bash.ts";
import { fish } from "./completion/fish.ts";
import { zsh } from "./completion/zsh.ts";
import { commands } from "./table.ts";

const SHELLS = { bash, zsh, fish } as const;

/** A shell's completion of every verb, flag and file. */
export function completionScript(shell: string): string {
  return SHELLS[shell as keyof typeof SHELLS](commands);
}
