import { chmod, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { partialBeside } from "../host/partial.ts";
import { writeFile } from "../host/write-file.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { MachineFolder } from "./folder.ts";
import { makeKeyPair, publicHalf } from "./key-format.ts";

type KeyPlace = Pick<MachineFolder, "path" | "sshKey">;

/** Makes the machine's own key (ed25519, mode 0600) where there is none. Throws `E_SSH_KEY` where something else is. */
export async function ensureKey(folder: KeyPlace): Promise<void> {
  const found = await readFile(folder.sshKey, "utf8").catch(() => null);
  if (found === null) return await makeKey(folder);
  demandKey(folder.sshKey, found);
  // ssh refuses a key that others may read.
  await chmod(folder.sshKey, 0o600);
}

/** Its public half as a line of authorized_keys; the same every time. */
export async function publicKeyOf(folder: KeyPlace): Promise<string> {
  return `${demandKey(folder.sshKey, await readFile(folder.sshKey, "utf8"))} ${commentOf(folder)}`;
}

async function makeKey(folder: KeyPlace): Promise<void> {
  await using partial = partialBeside(folder.sshKey, "key");
  await writeFile(partial.path, makeKeyPair(commentOf(folder)).privateKey, { mode: 0o600 });
  await partial.publish();
}

const commentOf = ({ path }: KeyPlace): string => `guestkit-${basename(path)}`;

function demandKey(path: string, text: string): string {
  const key = publicHalf(text);
  if (key !== null) return key;
  throw new GuestkitError("E_SSH_KEY", `Cannot use "${path}": it is no private key of OpenSSH`, {
    at: { file: path },
    help: `Remove it; a new one is made at the next start: rm "${path}"`,
  });
}
