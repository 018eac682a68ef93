import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Booting, boot, failure, waitFor } from "./booting.ts";

it("is ready when the console shows it, a port answers, one can log in, the agent answers and cloud-init is done", async () => {
  await using web = await boot("micro.slow=3", { runcmd: ["echo begun", "touch /run/done"] });
  const ready = await web.wait(
    waitFor("console", { text: "guestkit micro guest" }),
    waitFor("port", { port: 22 }),
    waitFor("ssh"),
    waitFor("agent"),
    waitFor("cloud_init"),
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
    const soon = web.seconds() + 5;
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
    web.kill();
    expect(await waiting).toMatchObject({ code: "E_MACHINE_DIED", message: expect.stringContaining("QEMU ended") });
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

  it.concurrent("has a port answered where a server is behind it alone", async () => {
    await web.wait(waitFor("port", { port: 22 }));
    const dead = await failure(web.wait(waitFor("port", { port: 81, timeout: web.seconds() + 5 })));
    expect(dead.code).toBe("E_MACHINE_NOT_READY");
  });

  it.concurrent("is not waited for to the end of cloud-init", async () => {
    expect(await failure(web.wait(waitFor("cloud_init")))).toMatchObject({ code: "E_CLOUD_INIT_OFF" });
  });
});

it("ends a wait at once when the kernel panics", async () => {
  await using web = await boot("micro.panic");
  const error = await failure(web.wait(waitFor("ssh")));
  expect(error).toMatchObject({ code: "E_GUEST_PANIC", message: expect.stringContaining("sysrq triggered crash") });
});

describe("cloud-init", () => {
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
});
