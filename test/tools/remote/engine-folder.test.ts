import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readlink, rm, truncate, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { VERSION } from "../../../core/kit/version.ts";
import { converse } from "../../../core/remote/conversation.ts";
import { hostNamed } from "../../../core/remote/host.ts";
import type { Payload } from "../../../core/remote/payload.ts";
import { thereWords } from "../../../core/remote/there.ts";
import { remoteHost, sshFor } from "../../support/remote-host.ts";
import { scratch } from "../../support/scratch.ts";

const dir = await scratch("engine-folder");
const lab = await remoteHost(dir, "lab");
const { PATH } = process.env;
process.env.PATH = [await sshFor(dir, [lab]), PATH].join(delimiter);
const host = hostNamed("lab");

afterAll(async () => {
  process.env.PATH = PATH;
  await lab.server.stop();
});

beforeEach(() => rm(join(lab.home, ".cache"), { recursive: true, force: true }));

/** A program that tells its version, and listens for ever. */
function engine(version: string): Payload {
  const text = `#!/bin/sh\ntest "$1" = rpc && exec cat > /dev/null\necho ${version} "$@"\n`;
  const sha256 = createHash("sha256").update(text).digest("hex");
  const sums = `${sha256}  guestkit\n`;
  const digest = createHash("sha256").update(sums).digest("hex");
  const machine = execFileSync("uname", ["-m"], { encoding: "utf8" }).trim();
  const part = { name: "guestkit", from: { text }, mode: 0o755, size: text.length, sha256 };
  return { machine, key: `${version}-${machine}-${digest.slice(0, 16)}`, digest, sums, parts: [part] };
}

/** Starts it there; tells whether it had to be brought. */
async function start(payload: Payload): Promise<boolean> {
  let isBrought = false;
  const progress = () => {
    isBrought = true;
  };
  (await converse(host, { payloads: [payload], progress })).close();
  return isBrought;
}

/** What the host's engine answers to the words of a command. */
const said = () => execFileSync("ssh", thereWords(host, ["vm", "list"]), { encoding: "utf8", stdio: "pipe" }).trim();
const program = ({ key }: Payload) => join(lab.engines, key, "guestkit");

describe("the engines of a host", () => {
  const [old, own, next] = [engine("0.0.1"), engine(VERSION), engine("9.9.9")];

  it("are all kept, and the last one that came is the current one", async () => {
    for (const each of [old, next, old]) await start(each);
    expect(await readlink(join(lab.engines, "current"))).toBe(next.key);
    expect((await readdir(lab.engines)).sort()).toEqual([old.key, next.key, "current"].sort());
    expect(await readdir(join(lab.engines, old.key))).toEqual(["SHA256SUMS", "guestkit"]);
    expect(said()).toBe("9.9.9 vm list");
  });

  it("of this release runs what this release says, whatever came last", async () => {
    for (const each of [old, own, next]) await start(each);
    expect(said()).toBe(`${VERSION} vm list`);
  });

  it.each([
    ["is empty, as after a loss of power", () => truncate(program(own))],
    ["is no program", () => chmod(program(own), 0o644)],
    ["may be written by others", () => chmod(join(lab.engines, own.key), 0o777)],
  ])("come anew where the program %s", async (_, harm) => {
    expect(await start(own)).toBe(true);
    await harm();
    expect(await start(own)).toBe(true);
    expect(await start(own)).toBe(false);
    expect((await readdir(lab.engines)).sort()).toEqual([own.key, "current"].sort());
  });

  it.each([
    ["the cache folder", () => join(lab.engines, "..")],
    ["the folder of engines", () => lab.engines],
  ])("are not run where others may write to %s", async (_, folder) => {
    await start(own);
    await chmod(folder(), 0o777);
    expect(said).toThrow(expect.objectContaining({ status: 127 }));
    await expect(start(own)).rejects.toMatchObject({
      code: "E_HOST_ENGINE",
      message: expect.stringMatching(/others than its user.*drwxrwxrwx/s),
    });
  });

  it("are run where this user's own group may write, as some systems set it up for everybody", async () => {
    await start(own);
    for (const each of [join(lab.engines, ".."), lab.engines]) await chmod(each, 0o775);
    expect(await start(own)).toBe(false);
    expect(said()).toBe(`${VERSION} vm list`);
  });

  it.skipIf(userInfo().uid !== 0)("are not run where somebody else made them", async () => {
    await mkdir(join(lab.engines, own.key), { recursive: true });
    await writeFile(program(own), "#!/bin/sh\necho theirs\n", { mode: 0o755 });
    execFileSync("chown", ["-R", "65534", join(lab.engines, "..")]);
    expect(said).toThrow(expect.objectContaining({ status: 127 }));
    await expect(start(own)).rejects.toThrow(/others than its user/);
  });
});
