import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { guestkit } from "../../support/cli.ts";
import { Workshop } from "./workshop.ts";

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

describe("a repository full of traps", async () => {
  const shop = await Workshop.open();
  const work = (name: string) => shop.path(join("data/ci/traps/work", name));
  const ada = await shop.sshKey("ada");

  it("is checked out byte by byte, and nothing in the repository or in the user's git runs", async () => {
    const trap = `touch ${shop.path("trapped")}`;
    const attributes = "* text eol=crlf ident filter=evil export-subst\nsecret export-ignore\n";
    const script = `#!/bin/sh\n${trap}\n`;
    await shop.commit(
      "traps",
      {
        ".gitattributes": attributes,
        ...{ "plain.txt": "$Id$\n$Format:%H$\nplain\n", secret: "kept\n", ".githooks/post-checkout": script },
        ".gitmodules": `[submodule "sub"]\n\tpath = sub\n\turl = ext::sh -c ${trap.replaceAll(" ", "%20")}\n`,
      },
      ada,
    );
    await shop.git(["update-index", "--add", "--cacheinfo", `160000,${await shop.head()},sub`]);
    await shop.git([...ada, "commit", "-S", "--quiet", "-m", "a submodule"]);
    const hooks = ["post-checkout", "post-merge", "reference-transaction", "post-index-change", "update"];
    for (const name of hooks) await writeFile(join(shop.repository, ".git/hooks", name), script, { mode: 0o755 });
    for (const [key, value] of [
      ["core.hooksPath", join(shop.repository, ".githooks")],
      ["uploadpack.packObjectsHook", shop.path("hook")],
      ["filter.evil.smudge", trap],
      ["core.fsmonitor", shop.path("hook")],
    ] as const) {
      await shop.git(["config", key, value]);
    }
    await writeFile(shop.path("hook"), script, { mode: 0o755 });
    // The user's own git has the same traps: a job obeys neither.
    const home = shop.path("home");
    await mkdir(join(home, ".config/git"), { recursive: true });
    const config = `[core]\n\thooksPath = ${join(shop.repository, ".githooks")}\n\tfsmonitor = ${shop.path("hook")}\n`;
    const filter = `[filter "evil"]\n\tsmudge = ${trap}\n\trequired = true\n[submodule]\n\trecurse = true\n`;
    await writeFile(join(home, ".gitconfig"), config + filter);
    await shop.job("traps", { signers: { allowed_signers: await shop.allow("allowed", "ada") } });
    await rm(shop.path("trapped"), { force: true });
    // They do catch who is not careful.
    await execa("git", ["clone", "--quiet", shop.repository, shop.path("clone")], { env: { HOME: home } });
    expect(await exists(shop.path("trapped"))).toBe(true);
    await rm(shop.path("trapped"));
    const env = {
      ...{ HOME: home, XDG_CONFIG_HOME: shop.path("config"), GUESTKIT_DATA_DIR: shop.path("data") },
      ...{ GUESTKIT_RUNTIME_DIR: shop.path("run"), GIT_DIR: "/nonexistent", GIT_EXTERNAL_DIFF: shop.path("hook") },
      ...{ GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "filter.evil.smudge", GIT_CONFIG_VALUE_0: trap },
    };
    const { exitCode, stderr } = await guestkit(["ci", "run", "traps"], { env });
    expect(exitCode, stderr).toBe(0);
    expect(await exists(shop.path("trapped"))).toBe(false);
    expect(await readFile(work("plain.txt"), "utf8")).toBe("$Id$\n$Format:%H$\nplain\n");
    expect(await readFile(work("secret"), "utf8")).toBe("kept\n");
    expect((await stat(work(".githooks/post-checkout"))).mode & 0o111).toBe(0o111);
    expect(await readdir(work("sub")).catch(() => [])).toEqual([]);
  });
});
