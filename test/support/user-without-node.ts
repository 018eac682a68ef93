import { execFile } from "node:child_process";
import { chown, copyFile, mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ordinaryUser } from "./ordinary-user.ts";

const execute = promisify(execFile);

/** An ordinary user on a host that has no Node. */
export interface UserWithoutNode extends AsyncDisposable {
  /** Where the test lays what that user has. */
  readonly home: string;
  /** A folder of theirs, empty. */
  readonly folder: string;
  /** Runs a program to its end; what it prints. Throws where it fails. */
  run(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  /** A program from elsewhere: what lies below /root cannot be run by that user. */
  bring(path: string, name: string): Promise<string>;
}

/** That user, gone at the end with all that is theirs. */
export async function userWithoutNode(): Promise<UserWithoutNode> {
  const user = await ordinaryUser();
  const [folder, programs] = [join(user.home, "empty"), join(user.home, "programs")];
  await mkdir(folder);
  for (const each of [folder, user.home]) await chown(each, user.uid, user.gid);
  await linkPrograms(programs);
  const own = { HOME: user.home, PATH: programs, CHECKPOINT_DISABLE: "1" };
  const options = { cwd: folder, uid: user.uid, gid: user.gid, maxBuffer: 64 << 20 };
  return {
    ...{ home: user.home, folder },
    run: async (program, args, env = {}) =>
      (await execute(program, args, { ...options, env: { ...own, ...env } })).stdout,
    bring: async (path, name) => {
      await copyFile(path, join(programs, name));
      return join(programs, name);
    },
    [Symbol.asyncDispose]: () => user[Symbol.asyncDispose](),
  };
}

/** All that the host has, but for Node. */
async function linkPrograms(folder: string): Promise<void> {
  await mkdir(folder);
  const found = new Map<string, string>();
  for (const place of ["/usr/sbin", "/usr/bin"])
    for (const name of await readdir(place)) if (!/^node(js)?$/.test(name)) found.set(name, join(place, name));
  await Promise.all([...found].map(([name, path]) => symlink(path, join(folder, name))));
}

/** One image, for any engine. */
export const ONE_IMAGE = `terraform {
  required_providers {
    guestkit = { source = "guestkit/guestkit" }
  }
}
resource "guestkit_disk_image" "disk" {
  path = "disk.qcow2"
  size = "8M"
}
`;
