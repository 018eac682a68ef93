import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ValueObject } from "../../../core/model/value.ts";
import { bareMachine, microMachine, PATIENCE } from "../../support/declared.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { ordinaryUser } from "../../support/ordinary-user.ts";
import { filesWith, openToOthers, SecretWatch } from "../../support/secret-watch.ts";

const NAMES = ["HASH", "CONTENT", "TOKEN", "SCREEN", "DOCUMENT"] as const;
type Marks = Readonly<Record<(typeof NAMES)[number], string>>;

const fresh = (): Marks =>
  Object.fromEntries(
    NAMES.map((name) => [name, `mark-${name.toLowerCase()}-${randomBytes(8).toString("hex")}`]),
  ) as Marks;
/** The declared secrets before and after their versions rise. */
const given: readonly Marks[] = [fresh(), fresh()];
const marks = given.flatMap((each) => Object.values(each));

const host = await MachineHost.open();
const watch = new SecretWatch(marks);
/** All that any command printed. */
let said = "";
const machines = join(host.folder, "data/machines");

async function guestkit(version: number, args: readonly string[], code = 0): Promise<string> {
  const env = { ...given[version - 1], GUESTKIT_LOG: "trace", GUESTKIT_CACHE_DIR: join(host.folder, "cache") };
  const { exitCode, stdout, stderr } = await host.run(args, { env });
  said += stdout.toString() + stderr;
  if (exitCode !== code)
    throw new Error(`${args.join(" ")} exits with ${exitCode}: ${stderr}\n${await host.consoles()}`);
  return stdout.toString() + stderr;
}

const cloudInit = (version: number): ValueObject => ({
  users: { admin: { sudo: true, password_hash: "${env.HASH}", password_hash_version: version } },
  write_files: [{ path: "/root/given", secret_content: "${env.CONTENT}", secret_content_version: version }],
});

/** Proves inside that the secrets arrived, without naming them. */
const ARRIVED = [
  'echo "$TOKEN" | grep -q ^mark-token-',
  "grep -q ^mark-content- /root/given",
  "grep -q :mark-hash- /etc/shadow",
];

interface Variation {
  /** Lines of a second step, which fails. */
  readonly failing?: readonly string[];
  /** Arguments of the second machine's QEMU. */
  readonly extra?: readonly string[];
}

async function declare(version: number, { failing, extra = [] }: Variation = {}) {
  const screen = { kind: "vnc", password: "${env.SCREEN}", password_version: version };
  const secrets = { secret_environment: { TOKEN: "${env.TOKEN}" }, secret_environment_version: version };
  const steps = [
    { name: "use", inline: [...ARRIVED], via: "ssh", when: "always", ...secrets },
    ...(failing ? [{ name: "fail", inline: [...failing], ...secrets }] : []),
  ];
  const raw = { secret_user_data: "#cloud-config\n# ${env.DOCUMENT}\n", secret_user_data_version: version };
  await host.declare(
    {
      web: await microMachine("", {
        cloud_init: cloudInit(version),
        graphics: screen,
        networks: { lan: { forwards: { ssh: { guest_port: 22 } } } },
        provision: steps,
        wait_for: [
          { condition: "cloud_init", timeout: PATIENCE },
          { condition: "agent", timeout: PATIENCE },
        ],
      }),
      raw: bareMachine({ cloud_init: raw, graphics: screen, extra_args: [...extra] }),
    },
    {
      cloud_init_seed: {
        short: { path: "short.iso", ...cloudInit(version) },
        raw: { path: "raw.iso", ...raw },
      },
    },
  );
}

beforeAll(async () => {
  // Another user gets as far as guestkit's own folders.
  await chmod(host.folder, 0o755);
  await declare(1);
  await guestkit(1, ["plan"]);
  await guestkit(1, ["apply", "--auto-approve"]);
}, 600_000);

afterAll(async () => {
  await watch[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
});

/** What holds a secret: the media alone. */
async function holders(): Promise<string[]> {
  const found = await filesWith(marks, [host.folder]);
  // What the guest prints is its own matter.
  const ours = found.map((each) => each.slice(host.folder.length + 1)).filter((each) => !/\/console\.log/.test(each));
  return [...new Set(ours.map((each) => each.split(": ", 1)[0] ?? ""))].toSorted();
}

const MEDIA = ["data/machines/raw/seed.iso", "data/machines/web/seed.iso", "raw.iso", "short.iso"];
const leaked = () => marks.filter((mark) => said.includes(mark));

it("brings secrets into guests, and leaves them on the media alone", async () => {
  expect(await holders()).toEqual(MEDIA);
  for (const each of MEDIA) expect((await stat(join(host.folder, each))).mode & 0o777).toBe(0o600);
  for (const args of [
    ["vm", "status", "web", "--json"],
    ["vm", "list", "--json"],
    ["plan", "--json"],
    ["vm", "check", "web"],
  ]) {
    await guestkit(1, args);
  }
  expect([leaked(), watch.found]).toEqual([[], []]);
  expect(watch.programs).toEqual(expect.arrayContaining(["qemu-system-x86_64", "ssh"]));
});

it("is the owner's alone: folders and sockets", async () => {
  const folders = [machines, join(host.folder, "run")];
  for (const each of folders) expect(await openToOthers(each)).toEqual([]);
  expect(await Promise.all(folders.map(async (each) => (await stat(each)).mode & 0o077))).toEqual([0, 0]);
  if (process.getuid?.() !== 0) return;
  await using user = await ordinaryUser();
  const names = await readdir(join(host.folder, "run"), { recursive: true });
  const sockets = names.filter((each) => each.endsWith(".sock")).map((each) => join(host.folder, "run", each));
  expect(sockets.length).toBeGreaterThan(4);
  const attempt = `
import os, socket, sys
def refused(act, *args):
    try: act(*args)
    except PermissionError: return True
    return False
lists = [refused(os.listdir, each) for each in sys.argv[1].split(":")]
connects = [refused(socket.socket(socket.AF_UNIX).connect, each) for each in sys.argv[2].split(":")]
print(all(lists), all(connects))`;
  const listed = [...folders, join(machines, "web"), ...sockets.map((each) => join(each, ".."))];
  const args = ["-c", attempt, listed.join(":"), sockets.join(":")];
  const { stdout } = await promisify(execFile)("python3", args, { uid: user.uid, gid: user.gid, cwd: "/" });
  expect(stdout).toBe("True True\n");
});

it("keeps them where versions rise, machines restart, steps fail and QEMU does not start", async () => {
  await declare(2);
  await guestkit(2, ["plan"]);
  // This guest lives in memory: each start has new host keys.
  await rm(join(machines, "web/known_hosts"), { force: true });
  await guestkit(2, ["apply", "--auto-approve"]);
  expect((await readFile(join(machines, "web/seed.iso"), "latin1")).includes(given[1]?.CONTENT ?? "")).toBe(true);
  expect(await holders()).toEqual(MEDIA);

  await declare(2, { failing: ["echo out $TOKEN", "echo err $TOKEN >&2", "exit 3"] });
  const failed = await guestkit(2, ["apply", "--auto-approve"], 1);
  expect(failed).toMatch(/exit code 3[\s\S]*out \*\*\*[\s\S]*err \*\*\*/);
  await guestkit(2, ["vm", "restart", "raw"]);

  await declare(2, { extra: ["-device", "no-such-device"] });
  expect(await guestkit(2, ["apply", "--auto-approve"], 1)).toContain("no-such-device");
  expect(await holders()).toEqual(MEDIA);
  expect([leaked(), watch.found]).toEqual([[], []]);
});
