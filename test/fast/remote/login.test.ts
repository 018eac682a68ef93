import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { converse } from "../../../core/remote/conversation.ts";
import { hostNamed } from "../../../core/remote/host.ts";
import { openEngine } from "../../../core/remote/open-engine.ts";
import { scratch } from "../../support/scratch.ts";

const bin = await scratch("login");
const { PATH } = process.env;
process.env.PATH = [bin, PATH].join(delimiter);
afterAll(() => {
  process.env.PATH = PATH;
});

/** What stands in for ssh, and for all that a host's login does before guestkit has a say. */
async function login(does: string): Promise<void> {
  await writeFile(join(bin, "ssh"), `#!/bin/sh\n[ "$1" = -G ] && exit\n${does}\n`, { mode: 0o755 });
}

it.each(["", "Welcome"])("is given up that prints without end, were it %j", async (line) => {
  await login(`exec yes "${line}"`);
  await expect(converse(hostNamed("lab"), { payloads: null })).rejects.toMatchObject({
    code: "E_HOST_UNREACHABLE",
    message: expect.stringMatching(/without end/),
  });
});

it("lets nobody be asked, by what ssh starts for a jump either", async () => {
  await login(`echo "$SSH_ASKPASS_REQUIRE $HOME" > ${bin}/seen; exit 255`);
  await expect(converse(hostNamed("lab"), { payloads: null })).rejects.toMatchObject({ code: "E_HOST_UNREACHABLE" });
  expect(await readFile(join(bin, "seen"), "utf8")).toBe(`never ${process.env.HOME}\n`);
});

it("is given up that waits for somebody, and says nothing", async () => {
  await login("exec cat > /dev/null");
  await expect(converse(hostNamed("lab"), { payloads: null, patience: 200 })).rejects.toMatchObject({
    code: "E_HOST_UNREACHABLE",
    message: expect.stringMatching(/said nothing/),
  });
});

it("is given up that takes nothing of what is brought", async () => {
  await login(`case "$*" in *SHA256SUMS*) exec sleep 60 ;; esac; echo guestkit-engine missing Linux x86_64`);
  const parts = [{ name: "guestkit", from: { text: "x".repeat(1 << 20) }, mode: 0o755, size: 1 << 20, sha256: "" }];
  const payloads = [{ machine: "x86_64", key: "k", digest: "", sums: "", parts }];
  await expect(converse(hostNamed("lab"), { payloads, stall: 200 })).rejects.toMatchObject({
    code: "E_HOST_ENGINE",
    message: 'Cannot bring guestkit to the host "lab": for 1 s nothing went on there',
    help: expect.stringMatching(/ssh lab true .*install guestkit there/s),
  });
});

it("is brought nothing where the environment says so, whatever the settings say", async () => {
  await login("echo guestkit-engine missing Linux x86_64");
  vi.stubEnv("GUESTKIT_REMOTE_INSTALL", "false");
  await expect(openEngine({ host: "bare", remoteInstall: true })).rejects.toMatchObject({
    code: "E_HOST_ENGINE",
    message: 'Cannot use the host "bare": it has no guestkit on PATH, and none may be brought there',
  });
  vi.stubEnv("GUESTKIT_REMOTE_INSTALL", "no");
  await expect(openEngine({ host: "bare" })).rejects.toMatchObject({ code: "E_SETTING" });
  vi.unstubAllEnvs();
});

it.each([
  ["its login", "true"],
  ["its engine", "echo guestkit-engine ready"],
])("is not waited for where %s is silent and the call is stopped", async (_, says) => {
  const up = join(bin, `up ${says}`);
  await login(`${says}; echo $$ > "${up}"; exec cat > /dev/null`);
  const stop = new AbortController();
  const opening = openEngine({ host: "lab", remoteInstall: false, signal: stop.signal });
  await Promise.race([opening, expect.poll(() => existsSync(up)).toBe(true)]);
  stop.abort(new Error("stopped"));
  await expect(opening).rejects.toThrow("stopped");
});
