import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { copyFileSync, readFileSync } from "node:fs";
import { chmod, chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { OPTIONAL_LIBRARIES } from "../../scripts/optional-libraries.ts";

const NAME = "guestkit-test";

/** A user without privileges who has subordinate ids. */
export interface OrdinaryUser extends AsyncDisposable {
  readonly uid: number;
  readonly gid: number;
  /** Node 24, where that user can run it. */
  readonly node: string;
  /** A folder of its own, removed at the end. */
  readonly home: string;
  /** Starts a TypeScript program of this repository as that user, whatever folder the repository lies in. */
  start(program: string, args: readonly string[]): Promise<ChildProcess>;
  /** Runs it to its end. */
  run(program: string, args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/**
 * The user `guestkit-test`, made once, where the tests run as root; whoever runs the tests otherwise. Programs are
 * bundled and taken to the user's folder together with Node: a checkout below /root cannot be read by it.
 */
export async function ordinaryUser(): Promise<OrdinaryUser> {
  const ids = userInfo().uid === 0 ? throwawayUser() : userInfo();
  const home = await mkdtemp(join(tmpdir(), "guestkit-user-"));
  await chown(home, ids.uid, ids.gid);
  await chmod(home, 0o755);
  const node = join(home, "node");
  copyFileSync(process.execPath, node);
  const start = async (program: string, args: readonly string[]) => {
    const bundle = await bundled(program, home);
    const { PATH = "" } = process.env;
    // The machine's mirror is the machine's: whatever the tests are told holds for that user as well.
    const { GUESTKIT_MIRROR } = process.env;
    return spawn(node, [bundle, ...args], {
      uid: ids.uid,
      gid: ids.gid,
      cwd: home,
      env: { HOME: home, PATH, ...(GUESTKIT_MIRROR !== undefined && { GUESTKIT_MIRROR }) },
      stdio: ["ignore", "pipe", "pipe"],
    });
  };
  return {
    uid: ids.uid,
    gid: ids.gid,
    node,
    home,
    start,
    run: async (program, args) => finish(await start(program, args)),
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
  };
}

function throwawayUser(): { uid: number; gid: number } {
  const known = passwdEntry();
  if (!known) execFileSync("useradd", ["--create-home", "--shell", "/bin/sh", NAME], { stdio: "pipe" });
  const entry = known ?? passwdEntry();
  if (!entry) throw new Error(`useradd made no user ${NAME}`);
  return entry;
}

function passwdEntry(): { uid: number; gid: number } | null {
  const fields = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .find(([name]) => name === NAME);
  return fields ? { uid: Number(fields[2]), gid: Number(fields[3]) } : null;
}

async function bundled(program: string, home: string): Promise<string> {
  const outfile = join(home, `program-${Math.random().toString(36).slice(2)}.mjs`);
  await build({
    ...{ entryPoints: [program], outfile, bundle: true, platform: "node", format: "esm", target: "node24" },
    conditions: ["guestkit-source"],
    external: OPTIONAL_LIBRARIES,
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: "error",
  });
  await chmod(outfile, 0o644);
  return outfile;
}

function finish(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      stderr += chunk;
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}
