import { execFile } from "node:child_process";
import { chown, mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { repository } from "./engines.ts";
import { ordinaryUser } from "./ordinary-user.ts";

const execute = promisify(execFile);

/** An ordinary user who has the single executable, and no Node. */
export interface ExecutableUser extends AsyncDisposable {
  /** The executable's path. */
  readonly guestkit: string;
  /** A folder of theirs, empty. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs a program to its end; what it prints. Throws where it fails. */
  run(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
}

/** Makes the executable of the sources that are here, where that user can run it. */
export async function executableUser(): Promise<ExecutableUser> {
  const user = await ordinaryUser();
  const [folder, programs] = [join(user.home, "empty"), join(user.home, "programs")];
  const guestkit = join(user.home, "guestkit");
  await execute(process.execPath, [
    "--conditions=guestkit-source",
    join(repository, "scripts/executable.ts"),
    guestkit,
  ]);
  await mkdir(folder);
  await chown(folder, user.uid, user.gid);
  await chown(user.home, user.uid, user.gid);
  await linkPrograms(programs);
  const env = { HOME: user.home, PATH: programs };
  const options = { cwd: folder, uid: user.uid, gid: user.gid, maxBuffer: 64 << 20 };
  return {
    ...{ guestkit, folder, env },
    run: async (program, args, more = {}) =>
      (await execute(program, args, { ...options, env: { ...env, ...more } })).stdout,
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
