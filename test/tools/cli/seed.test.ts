import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { guestkit, guestkitText } from "../../support/cli.ts";
import { scratch } from "../../support/run.ts";

const cwd = await scratch("cli-seed");
const SECRET = "TOP-SECRET-HASH";
const options = { cwd, env: { GUESTKIT_RUNTIME_DIR: join(cwd, "run"), HASH: SECRET } };
const project = (command: string) => `version: 1
resources:
  cloud_init_seed:
    web:
      path: ./web.iso
      hostname: web
      users:
        me: { sudo: true, password_hash: "\${env.HASH}", password_hash_version: 1 }
    plain:
      path: ./plain.iso
      runcmd: ["${command}"]
outputs:
  id: "\${cloud_init_seed.plain.effective_instance_id}"
`;
const write = (command: string) => writeFile(join(cwd, "guestkit.yaml"), project(command));
const text = (...args: string[]) => guestkitText(args, options);

/** The `id` that an apply shows. */
const idOf = (output: string) => /id = "(iid-[0-9a-f]{16})"/.exec(output)?.[1];

it("lives through guestkit.yaml: applied, unchanged, drifted, changed and destroyed, its secret nowhere else", async () => {
  await write("systemctl start nginx");
  const first = await text("apply", "--auto-approve");
  expect(idOf(first)).toBeDefined();
  expect((await guestkit(["plan", "--detailed-exitcode"], options)).exitCode).toBe(0);
  expect(await text("cat", "plain.iso", "/user-data")).toContain("systemctl start nginx");
  expect(await text("cat", "web.iso", "/user-data")).toContain(SECRET);
  expect((await stat(join(cwd, "web.iso"))).mode & 0o777).toBe(0o600);
  for (const name of await readdir(cwd, { recursive: true, withFileTypes: true })) {
    if (!name.isFile() || name.name === "web.iso") continue;
    expect(await readFile(join(name.parentPath, name.name), "utf8"), name.name).not.toContain(SECRET);
  }

  const bytes = await readFile(join(cwd, "plain.iso"));
  bytes.write("apache", bytes.indexOf("nginx"));
  await writeFile(join(cwd, "plain.iso"), bytes);
  expect(await text("plan")).toContain("user-data in the seed is not what was written");
  expect(idOf(await text("apply", "--auto-approve"))).toBe(idOf(first));
  expect(await text("cat", "plain.iso", "/user-data")).not.toContain("apache");

  await write("systemctl start caddy");
  expect(JSON.parse(await text("plan", "--json")).changes).toMatchObject([
    { address: "cloud_init_seed.plain", action: "update", reasons: [{ path: "runcmd" }] },
  ]);
  expect(idOf(await text("apply", "--auto-approve"))).not.toBe(idOf(first));
  await text("destroy", "--auto-approve");
  expect((await readdir(cwd)).filter((name) => /iso/.test(name))).toEqual([]);
});
