import { once } from "node:events";
import { access, readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OrdinaryUser, ordinaryUser } from "../../support/ordinary-user.ts";

const PROGRAM = join(import.meta.dirname, "../../support/appliance-program.ts");

describe("the appliance of an ordinary user", () => {
  let user: OrdinaryUser;
  beforeAll(async () => {
    user = await ordinaryUser();
  });
  afterAll(() => user[Symbol.asyncDispose]());

  const wanted = (script: string, network = false) => JSON.stringify({ folder: user.home, script, network });
  const reportOf = (stdout: string) => JSON.parse(stdout.trim().split("\n").at(-1) ?? "");

  it("is built and run without root, kept, and reaches no network unless that is asked for", async () => {
    const server = createServer((_, answer) => answer.end("from the host")).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const get = `printf "GET / HTTP/1.0\r\n\r\n" | busybox nc -w 5 10.0.2.2 ${port} 2> /dev/null | tail -n 1`;
    const script = `id -u; ${get} | grep . || echo nothing`;
    try {
      const first = await user.run(PROGRAM, [wanted(script)]);
      expect(reportOf(first.stdout)).toEqual({
        report: { code: 0, stdout: "0\nnothing\n", stderr: "", isClean: true },
      });
      const second = await user.run(PROGRAM, [wanted(script, true)]);
      expect(reportOf(second.stdout)).toMatchObject({ report: { code: 0, stdout: "0\nfrom the host\n" } });
      // The second one was not built again.
      expect(first.stdout).toContain("unpacking packages");
      expect(second.stdout).not.toContain("unpacking packages");
      expect(await readdir(join(user.home, "run"))).toEqual([]);
    } finally {
      server.close();
    }
  });

  it("dies with the process that started it, and the next one tidies up behind it", async () => {
    const child = await user.start(PROGRAM, [wanted("echo under way; sleep 1000")]);
    const said = await new Promise<string>((resolve) => {
      let text = "";
      child.stdout?.on("data", (piece) => {
        text += piece;
        if (text.includes("under way")) resolve(text);
      });
      child.once("close", () => resolve(text));
    });
    expect(said).toContain("under way");
    child.kill("SIGKILL");
    await once(child, "close");
    const [left = ""] = await readdir(join(user.home, "run"));
    await expect.poll(() => holding(left)).toEqual([]);
    const { stdout } = await user.run(PROGRAM, [wanted("true")]);
    expect(reportOf(stdout)).toMatchObject({ report: { code: 0 } });
    await expect(access(join(user.home, "run", left))).rejects.toMatchObject({ code: "ENOENT" });
  });
});

/** Processes that have this word among their arguments. */
async function holding(word: string): Promise<readonly string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  return commands.filter((command) => command.includes(word));
}
