import { mkdir, readdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sshfs } from "../../../core/share/sshfs.ts";
import { shareOf } from "../../support/machine.ts";
import { run } from "../../support/run.ts";
import { scratch } from "../../support/scratch.ts";

/** What a hostile guest can do with the server of an sshfs share: it speaks SFTP itself, and names any path. */
async function attack(folder: string, readOnly: boolean): Promise<string> {
  const share = join(folder, 'it\'s, "shared"');
  const got = join(folder, "got");
  await mkdir(share, { recursive: true });
  await mkdir(got, { recursive: true });
  await writeFile(join(folder, "secret"), "SECRET");
  await writeFile(join(share, "inside"), "inside");
  for (const [name, to] of [
    ["absolute", join(folder, "secret")],
    ["relative", "../secret"],
    ["root", "/"],
  ] as const) {
    await symlink(to, join(share, name)).catch(() => {});
  }
  if (sshfs.carried.by !== "channel") throw new Error("sshfs goes by a channel");
  const server = join(folder, "server");
  const command = await sshfs.carried.serve(shareOf(share, { kind: "sshfs", read_only: readOnly }));
  await writeFile(server, `#!/bin/sh\n${command}`, { mode: 0o755 });
  const lines = [
    ...["/etc/passwd", "/etc/shadow", "/proc/self/environ", join(folder, "secret"), "/share/../secret"].map(
      (path, at) => `-get ${JSON.stringify(path)} ${JSON.stringify(join(got, `path-${at}`))}`,
    ),
    ...["absolute", "relative", `root${folder}/secret`, "inside"].map(
      (name, at) => `-get "/share/${name}" ${JSON.stringify(join(got, `link-${at}`))}`,
    ),
    `-put ${JSON.stringify(join(folder, "secret"))} /share/written`,
    `-put ${JSON.stringify(join(folder, "secret"))} /share/../outside`,
    "-ln /share/absolute /share/hard",
    "ls -1a /",
  ];
  await writeFile(join(folder, "batch"), `${lines.join("\n")}\n`);
  return await run("sftp", ["-q", "-b", join(folder, "batch"), "-D", server]);
}

it("keeps the server of an sshfs share in the folder, whatever the guest asks it for", async () => {
  const folder = await scratch("confine");
  const said = await attack(folder, false);
  const names = await readdir(join(folder, "got"));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, "got", name), "utf8")));
  expect(texts.join(""), said).not.toMatch(/SECRET/);
  // The passwd of the namespace's own names nobody of the host.
  expect(texts.join("")).not.toMatch(/\/root:|daemon/);
  expect(names).toContain("link-3");
  expect(await readdir(folder)).not.toContain("outside");
  expect(await readFile(join(folder, 'it\'s, "shared"', "written"), "utf8")).toBe("SECRET");
  expect(said).not.toMatch(/^\/?(root|home|tmp|var|proc|sys)$/m);
});

it("lets it write nothing where the share is read-only", async () => {
  const folder = await scratch("confine");
  await attack(folder, true);
  expect((await readdir(join(folder, 'it\'s, "shared"'))).toSorted()).toEqual([
    "absolute",
    "inside",
    "relative",
    "root",
  ]);
});

it("serves no other folder where a link has taken the share's place since", async () => {
  const folder = await scratch("confine");
  const share = join(folder, "outer/share");
  await mkdir(share, { recursive: true });
  await mkdir(join(folder, "host"));
  await writeFile(join(folder, "host/secret"), "SECRET");
  if (sshfs.carried.by !== "channel") throw new Error("sshfs goes by a channel");
  const server = join(folder, "server");
  const command = await sshfs.carried.serve(shareOf(share, { kind: "sshfs" }));
  await writeFile(server, `#!/bin/sh\n${command}`, { mode: 0o755 });
  await writeFile(join(folder, "batch"), `get /share/secret ${join(folder, "got")}\n`);
  await rename(share, join(folder, "outer/moved"));
  await symlink(join(folder, "host"), share);
  await expect(run("sftp", ["-q", "-b", join(folder, "batch"), "-D", server])).rejects.toThrow();
  await expect(readFile(join(folder, "got"))).rejects.toThrow("ENOENT");
});
