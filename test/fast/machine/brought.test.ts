import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { resolveSettings } from "../../../core/host/settings.ts";
import { asCallerPath, elsewhere, nameElsewhere, ownPath } from "../../../core/kit/caller-path.ts";
import type { Context } from "../../../core/kit/context.ts";
import { bringAlong, withBrought } from "../../../core/machine/brought.ts";
import { machineFolder } from "../../../core/machine/folder.ts";
import type { Machine } from "../../../core/machine/machine.ts";
import { machineOf } from "../../support/machine.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "guestkit-brought-"));
  await writeFile(join(dir, "key"), "secret");
  await writeFile(join(dir, "setup.sh"), "#!/bin/sh\n");
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const far = (name: string) => asCallerPath(elsewhere(`/laptop/${name}`));
const near = (name: string) => asCallerPath(join(dir, name));

const declared = (key: ReturnType<typeof far>, script: ReturnType<typeof far>): Machine => {
  const ssh = { user: "me", port: 22, private_key: key, network: null };
  const step = {
    name: "setup",
    inline: [],
    environment: {},
    secret_environment: null,
    via: "auto" as const,
    user: null,
  };
  return machineOf({ name: "web", ssh, provision: [{ ...step, file: script, when: "always", timeout: 1 }] });
};

/** A caller elsewhere, whose files lie in `dir`. */
function context(isThere = true): Context {
  const locate: NonNullable<Context["files"]>["locate"] = async (path) => {
    const name = nameElsewhere(path);
    return name !== null && isThere ? join(dir, name.replace("/laptop/", "")) : ownPath(path);
  };
  const files = { locate, look: async () => null, folder: async () => ({ directory: "" }) };
  const settings = resolveSettings({ dataDir: join(dir, "data"), runtimeDir: join(dir, "run") });
  return { files, settings, signal: new AbortController().signal, progress: () => {} };
}

const folderIn = ({ settings }: Context) => machineFolder("web", settings);
const keyOf = (machine: Machine) => ownPath(machine.ssh?.private_key ?? far("none"));
const scriptOf = (machine: Machine) => ownPath(machine.provision[0]?.file ?? far("none"));

it("keeps with a machine what a caller elsewhere brought: its owner's alone, anew with each apply", async () => {
  const [made, machine] = [context(), declared(far("key"), far("setup.sh"))];
  const folder = folderIn(made);
  await bringAlong(machine, folder, made);
  const here = withBrought(machine, folder);
  expect(await readFile(keyOf(here), "utf8")).toBe("secret");
  expect((await stat(keyOf(here))).mode & 0o777).toBe(0o600);
  expect(await readFile(scriptOf(here), "utf8")).toBe("#!/bin/sh\n");
  await writeFile(join(dir, "setup.sh"), "#!/bin/bash\n");
  await bringAlong(machine, folder, made);
  expect(await readFile(scriptOf(here), "utf8")).toBe("#!/bin/bash\n");
});

it("leaves it where somebody else applies, and lets go of what is declared no more", async () => {
  const [made, machine] = [context(), declared(far("key"), far("setup.sh"))];
  const folder = folderIn(made);
  await bringAlong(machine, folder, made);
  await bringAlong(machine, folder, context(false));
  expect(await readFile(keyOf(withBrought(machine, folder)), "utf8")).toBe("secret");
  await bringAlong(declared(near("key"), far("setup.sh")), folder, context(false));
  expect(await readdir(join(folder.path, "brought"))).toHaveLength(1);
  await expect(bringAlong(declared(far("other"), far("setup.sh")), folder, context(false))).rejects.toMatchObject({
    code: "E_FILE_ELSEWHERE",
  });
});

it("copies nothing of a caller on this machine", async () => {
  const [made, machine] = [context(), declared(near("key"), asCallerPath(`host:${join(dir, "setup.sh")}`))];
  const folder = folderIn(made);
  await bringAlong(machine, folder, made);
  await expect(readdir(folder.path)).rejects.toMatchObject({ code: "ENOENT" });
  expect(keyOf(withBrought(machine, folder))).toBe(join(dir, "key"));
  expect(scriptOf(withBrought(machine, folder))).toBe(join(dir, "setup.sh"));
});
