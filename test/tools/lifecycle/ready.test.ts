import { mkdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asCallerPath } from "../../../core/kit/caller-path.ts";
import type { Progress } from "../../../core/kit/context.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { setLogSink } from "../../../core/kit/log.ts";
import { type Ready, waitReady } from "../../../core/lifecycle/ready/index.ts";
import { machineFolder, prepareFolder } from "../../../core/machine/folder.ts";
import { ensureKey, publicKeyOf } from "../../../core/machine/key.ts";
import type { Machine, WaitFor } from "../../../core/machine/machine.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import { renderSeed, writeSeed } from "../../../core/seed/index.ts";
import { contextIn, machineOf, microBoot, networkOf, startQemu } from "../../support/machine.ts";
import { microGuest } from "../../support/micro-guest/index.ts";
import { scratch } from "../../support/scratch.ts";

const guest = await microGuest();
const root = await scratch("ready");
/** Seconds: a loaded host emulates slowly. */
const LONG = 240;

const forward = (guest_port: number) => ({
  ...{ guest_port, host_port: 0, host_address: "127.0.0.1", protocol: "tcp" as const },
});
const waitFor = (condition: WaitFor["condition"], given: Partial<WaitFor> = {}): WaitFor => ({
  ...{ condition, timeout: LONG, port: null, text: null },
  ...given,
});

interface Booting extends AsyncDisposable {
  readonly progress: Progress[];
  readonly signal: AbortController;
  wait(...conditions: WaitFor[]): Promise<Ready>;
  kill(): void;
  /** Since the start. */
  seconds(): number;
  knownHosts(): Promise<string>;
}

let machines = 0;
/** A micro guest that is being started, with words for it on the kernel's command line. */
async function boot(words: string, cloudInit: ValueObject | null = null): Promise<Booting> {
  const name = `m${++machines}`;
  const signal = new AbortController();
  const progress: Progress[] = [];
  const context = {
    ...contextIn(root),
    signal: signal.signal,
    progress: (event: Progress) => void progress.push(event),
  };
  const folder = machineFolder(name, context.settings);
  await prepareFolder(folder);
  await ensureKey(folder);
  const key = await publicKeyOf(folder);
  const seeded = cloudInit && (await seed(folder.seed, cloudInit, key));
  const own = cloudInit
    ? {}
    : { ssh: { user: "root", port: 22, private_key: asCallerPath(guest.sshKey), network: null } };
  const machine: Machine = machineOf({
    ...{ name, ...microBoot(guest, words), cloud_init: seeded, ...own },
    networks: { lan: networkOf("user", { forwards: { ssh: forward(22), dead: forward(81) } }) },
    cdroms: cloudInit ? { seed: { image: folder.seed, boot_order: null } } : {},
  });
  await mkdir(context.settings.cacheDir, { recursive: true });
  const started = await startQemu(machine, context);
  const startedAt = performance.now();
  const isAlive = () => lives(started.pid);
  return {
    progress,
    signal,
    wait: (...conditions) =>
      waitReady(machine, folder, conditions, { run: started.launch, startedAt, isAlive, context }),
    seconds: () => Math.ceil((performance.now() - startedAt) / 1000),
    kill: () => process.kill(started.pid, "SIGKILL"),
    knownHosts: () => readFile(folder.knownHosts, "utf8"),
    [Symbol.asyncDispose]: async () => {
      await started[Symbol.asyncDispose]();
      while (lives(started.pid)) await sleep(50);
    },
  };
}

async function seed(path: string, cloudInit: ValueObject, key: string): Promise<ValueObject> {
  const silent = { user_data: null, secret_user_data: null, meta_data: null, network_config: null, instance_id: null };
  const rest = {
    hostname: null,
    packages: null,
    package_update: null,
    write_files: null,
    timezone: null,
    locale: null,
  };
  const given = { ...silent, ...rest, ssh_authorized_keys: null, users: null, runcmd: null, ...cloudInit };
  await writeSeed(path, renderSeed(given, { hostname: "web", extraSshKeys: [key], loginUser: "root" }));
  return given;
}

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const failure = (promise: Promise<unknown>): Promise<GuestkitError> =>
  promise.then(
    () => Promise.reject(new Error("it was ready")),
    (error: unknown) => (error instanceof GuestkitError ? error : Promise.reject(error)),
  );

it("is ready when the console shows it, a port answers, one can log in and the agent answers", async () => {
  await using web = await boot("");
  const ready = await web.wait(
    waitFor("console", { text: "guestkit micro guest" }),
    waitFor("port", { port: 22 }),
    waitFor("ssh"),
    waitFor("agent"),
    waitFor("none"),
  );
  expect(ready.addresses).toContain("10.0.2.15");
  expect(ready.hostKeys).toContainEqual(expect.stringMatching(/^ssh-ed25519 AAAA\S+$/));
  expect(await web.knownHosts()).toContain(ready.hostKeys[0]);
  const phases = [...new Set(web.progress.map(({ phase }) => phase))];
  expect(phases).toEqual(expect.arrayContaining(["kernel", "system"]));
  expect(web.progress.at(-1)?.phase).not.toBe("firmware");
});

describe("a guest without servers", () => {
  let web: Booting;
  beforeAll(async () => {
    web = await boot("micro.nossh micro.noagent");
  });
  afterAll(() => web[Symbol.asyncDispose]());

  it("does not pass for ready, since QEMU accepts connections to whatever is forwarded", async () => {
    // Until its network is up nothing refuses.
    await web.wait(waitFor("console", { text: "root@" }));
    // Counted from the start: some of it is over.
    const soon = web.seconds() + 8;
    const late = await Promise.all([
      failure(web.wait(waitFor("agent", { timeout: soon }))),
      failure(web.wait(waitFor("port", { port: 22, timeout: soon }))),
      failure(web.wait(waitFor("ssh", { timeout: soon }))),
      failure(web.wait(waitFor("console", { text: "no such words", timeout: soon }))),
    ]);
    expect(late.map(({ code }) => code)).toEqual(Array(4).fill("E_MACHINE_NOT_READY"));
    expect(late[0]?.message).toContain(`its guest agent did not answer within ${soon} s`);
    expect(late[1]?.message).toContain("nothing answered on its port 22");
    expect(late[2]?.message).toContain("no SSH server answers");
    for (const { message } of late) expect(message).toContain("root@");
  });

  it("is not waited for where no forward leads to what is waited for", async () => {
    expect(await failure(web.wait(waitFor("port", { port: 1234 })))).toMatchObject({ code: "E_GUEST_NO_WAY" });
  });

  it("is not waited for when somebody interrupts, or QEMU is gone", async () => {
    const waiting = failure(web.wait(waitFor("agent")));
    await sleep(1_000);
    const began = performance.now();
    web.kill();
    expect(await waiting).toMatchObject({ code: "E_MACHINE_DIED", message: expect.stringContaining("QEMU ended") });
    expect(performance.now() - began).toBeLessThan(20_000);
    web.signal.abort();
    await expect(web.wait(waitFor("agent"))).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("a guest whose server says nothing, and whose cloud-init is turned off", () => {
  let web: Booting;
  beforeAll(async () => {
    web = await boot("micro.hang=ssh cloud-init=disabled");
  });
  afterAll(() => web[Symbol.asyncDispose]());

  it("has a port answered where a server is behind it alone", async () => {
    await web.wait(waitFor("port", { port: 22 }));
    const dead = await failure(web.wait(waitFor("port", { port: 81, timeout: web.seconds() + 5 })));
    expect(dead.code).toBe("E_MACHINE_NOT_READY");
  });

  it("is not waited for to the end of cloud-init", async () => {
    expect(await failure(web.wait(waitFor("cloud_init")))).toMatchObject({ code: "E_CLOUD_INIT_OFF" });
  });
});

it("ends a wait at once when the kernel panics", async () => {
  await using web = await boot("micro.panic");
  const error = await failure(web.wait(waitFor("ssh")));
  expect(error).toMatchObject({ code: "E_GUEST_PANIC", message: expect.stringContaining("sysrq triggered crash") });
});

describe("cloud-init", () => {
  it("is waited for to its end, by SSH", async () => {
    await using web = await boot("micro.slow=3", { runcmd: ["echo begun", "touch /run/done"] });
    const ready = await web.wait(waitFor("cloud_init"));
    expect(ready.hostKeys).not.toEqual([]);
  });

  it("fails with its own words when a command of it fails, by the agent", async () => {
    await using web = await boot("micro.nossh", {
      runcmd: ["echo fine", "echo broken here; ls /no/such/place", "echo never"],
    });
    const error = await failure(web.wait(waitFor("cloud_init")));
    expect(error.code).toBe("E_CLOUD_INIT_FAILED");
    expect(error.message).toContain("runcmd[1] (echo broken here; ls /no/such/place) failed with exit code 1");
    expect(error.message).toMatch(/scripts.user/);
    expect(error.message).toContain("broken here");
    expect(error.message).not.toContain("never");
  });

  it("fails where it says that it is done and dropped the document, and tells of it where one waits for the agent alone", async () => {
    const tab = { user_data: "#cloud-config\nruncmd:\n\t- touch /run/done\n" };
    await using web = await boot("", tab);
    const said: string[] = [];
    setLogSink((_, message) => said.push(message));
    await web.wait(waitFor("agent"));
    setLogSink(undefined);
    expect(said.join("\n")).toMatch(/dropped what it could not read: Failed at merging in cloud config part/);
    const error = await failure(web.wait(waitFor("cloud_init")));
    expect(error).toMatchObject({
      code: "E_CLOUD_INIT_FAILED",
      message: expect.stringContaining("Failed loading yaml blob"),
    });
  });
});
