import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ordinaryTerraform } from "../../engines/terraform/ordinary-terraform.ts";
import { findEngine } from "../../support/engines.ts";
import { ordinaryUser } from "../../support/ordinary-user.ts";

const path = findEngine("terraform") ?? findEngine("tofu");

it.skipIf(!path)(
  "makes image, seed and machine from nothing as an ordinary user, up to an SSH command that works",
  async () => {
    await using user = await ordinaryUser();
    const engine = { name: "terraform", path: String(path) };
    const { project, terraform, shell, env } = await ordinaryTerraform(engine, user, "debian-machine");
    await shell("ssh-keygen -q -t ed25519 -N '' -f key");
    await terraform("init", "-input=false");
    try {
      await terraform("apply", "-input=false", "-auto-approve");
      const outputs = JSON.parse(await terraform("output", "-json")) as Record<string, { value: string }>;
      expect(outputs.status?.value).toBe("running");
      const inside =
        "cat /etc/debian_version /etc/motd; sudo cat /root/made-by-cloud-init; cloud-init status; findmnt -no SIZE /";
      const said = await shell(`${outputs.ssh?.value} '${inside}'`);
      expect(said).toMatch(/^12\.\d+\nProvisioned for web\nweb\nstatus: done\n\s*7\.\dG\n$/);
      expect(await terraform("plan", "-input=false", "-detailed-exitcode")).toContain("No changes");
    } catch (error) {
      throw new Error(`${(error as { stderr?: string }).stderr ?? ""}\n${await consoleEnd(env)}`, { cause: error });
    } finally {
      await terraform("destroy", "-input=false", "-auto-approve");
    }
    expect(await left(env)).toEqual([]);
    expect((await readdir(project)).filter((name) => /debian\.qcow2|seed\.iso/.test(name))).toEqual([]);
  },
);

const consoleEnd = async ({ GUESTKIT_DATA_DIR = "" }: Readonly<Record<string, string>>) => {
  const text = await readFile(join(GUESTKIT_DATA_DIR, "machines/web/console.log"), "utf8").catch(() => "");
  return text.slice(-3000);
};

/** Files of the machine, and processes that name one. */
async function left({ GUESTKIT_DATA_DIR = "", GUESTKIT_RUNTIME_DIR = "" }: Readonly<Record<string, string>>) {
  const machines = await readdir(join(GUESTKIT_DATA_DIR, "machines"));
  const sockets = (await readdir(GUESTKIT_RUNTIME_DIR)).filter((name) => name.startsWith("m-"));
  const commands = await Promise.all(
    (await readdir("/proc")).map((pid) => readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "")),
  );
  return [...machines, ...sockets, ...commands.filter((each) => each.includes(`${GUESTKIT_DATA_DIR}/machines`))];
}
