import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Service, services } from "../../../core/guest/facts/services/index.ts";
import { guestkitText } from "../../support/cli.ts";
import { debianImage } from "../../support/debian-fixture.ts";
import { knownSystem } from "../../support/known-system.ts";
import { type Content, memoryTree } from "../../support/memory-filesystem.ts";
import { fc } from "../../support/property.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("services");

type Row = readonly [name: string, state: string, preset: string | null];

/** What systemctl lists of a root, and what it says of these instances, of which it lists none. */
async function told(root: string, instances: readonly string[]): Promise<readonly Row[]> {
  const listed = JSON.parse(await run("systemctl", [`--root=${root}`, "list-unit-files", "--output=json"]));
  const rows = listed.map(({ unit_file: name, state, preset }: Record<string, string>) => [
    name,
    state,
    preset ?? null,
  ]);
  const ask = 'root=$1; shift; for name; do echo "$name $(systemctl --root="$root" is-enabled "$name" 2>&-)"; done';
  const asked = (await run("sh", ["-c", ask, "sh", root, ...instances])).split("\n").slice(0, -1);
  return [...rows, ...asked.map((line) => [...line.replace(/ $/, " bad").split(" "), null])].sort();
}

/** Ours in the same shape; presets of instances are asked of nobody. */
function ours(found: readonly Service[], instances: readonly string[]): readonly Row[] {
  const units = found.filter(({ kind }) => kind === "systemd");
  return units
    .map(({ name, state, preset }) => [name, state, instances.includes(name) ? null : preset] as const)
    .toSorted();
}

const instancesOf = (found: readonly Service[]) =>
  found.filter(({ name, file }) => /@.+\./.test(name) && !file.endsWith(`/${name}`)).map(({ name }) => name);

describe("units of systemd", () => {
  it("of a real Debian are in the states that systemctl tells", async () => {
    const image = await debianImage();
    const root = join(dir, "debian");
    await mkdir(root);
    await run("tar", ["-C", root, "-xf", image.tar, "./etc", "./lib", "./run", "./usr/lib/systemd"]);
    const report = JSON.parse(await guestkitText(["inspect", "--json", "--facts", "services", image.path]));
    const instances = instancesOf(report.services);
    expect(instances).toContain("getty@tty1.service");
    expect(ours(report.services, instances)).toEqual(await told(root, instances));
    expect(report.services.find(({ name }: Service) => name === "ssh.service")).toEqual({
      name: "ssh.service",
      kind: "systemd",
      state: "enabled",
      preset: "enabled",
      wanted_by: ["multi-user.target"],
      file: "/usr/lib/systemd/system/ssh.service",
    });
  });

  it("of roots made at random are in the states that systemctl tells", async () => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(roots, async (files) => {
        const root = join(dir, `random-${number++}`);
        await writeTree(root, files);
        const found = await services.read(await knownSystem(await memoryTree(files)));
        const instances = instancesOf(found);
        expect(ours(found, instances)).toEqual(await told(root, instances));
        await rm(root, { recursive: true });
      }),
      { numRuns: 60 },
    );
  });
});

async function writeTree(root: string, files: Readonly<Record<string, Content>>): Promise<void> {
  await mkdir(root, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    const place = join(root, path);
    if (path.endsWith("/")) await mkdir(place, { recursive: true });
    else await mkdir(dirname(place), { recursive: true });
    if (typeof content === "object" && "link" in content) await symlink(content.link, place);
    else if (!path.endsWith("/")) await writeFile(place, content as string);
  }
}

const NAMES = ["a.service", "b.service", "c.socket", "d.timer", "e.mount", "f@.service", "f@x.service", "g@.service"];
const FOLDERS = [
  "/etc/systemd/system",
  "/usr/lib/systemd/system",
  "/run/systemd/system",
  "/usr/local/lib/systemd/system",
];
const RARE = [
  "/run/systemd/generator",
  "/run/systemd/transient",
  "/etc/systemd/system.control",
  "/run/systemd/generator.late",
];

const name = fc.constantFrom(...NAMES);
const folder = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...FOLDERS) }, fc.constantFrom(...RARE));
const install = fc.constantFrom(
  "",
  "WantedBy=multi-user.target\n",
  "WantedBy=multi-user.target\nWantedBy=\n",
  "RequiredBy=a.service\nAlias=b.service z.service\n",
  "Also=c.socket\n",
  "DefaultInstance=x\nWantedBy=x.target\n",
  "# \\\nAlias=g@.service \\\n; b\n b.service\n",
);
const text = install.map((lines) => `[Unit]\nDescription=x\n[Install]\n${lines}`);
const link = fc.oneof(
  fc.tuple(folder, name).map(([its, to]) => `${its}/${to}`),
  name.map((to) => `./${to}`),
  fc.constantFrom("/dev/null", "../../../dev/null", "/opt/a.service", "/opt/f@.service", "/opt/gone.service"),
);
const content: fc.Arbitrary<Content> = fc.oneof(
  { weight: 5, arbitrary: text },
  { weight: 3, arbitrary: link.map((to) => ({ link: to })) },
  fc.constant(""),
);
const unit = fc.tuple(folder, name, content).map(([its, own, what]) => [`${its}/${own}`, what] as const);
const pulled = fc
  .tuple(
    folder,
    fc.constantFrom("multi-user.target.wants", "a.service.requires"),
    fc.constantFrom(...NAMES, "g@y.service"),
  )
  .map(([its, by, own]) => [`${its}/${by}/${own}`, { link: `/usr/lib/systemd/system/${own}` }] as const);
const dropIn = fc
  .tuple(folder, name, fc.constantFrom("1.conf", "2.conf"), install)
  .map(([its, own, file, lines]) => [`${its}/${own}.d/${file}`, `[Install]\n${lines}`] as const);
const preset = fc
  .tuple(
    fc.constantFrom("/etc", "/usr/lib", "/run"),
    fc.constantFrom("10-a.preset", "90-b.preset"),
    fc.array(fc.tuple(fc.constantFrom("enable", "disable"), fc.constantFrom(...NAMES, "*", "[ab].*", "f@*"))),
  )
  .map(([top, file, rules]) => {
    const lines = rules.map((rule) => rule.join(" "));
    return [`${top}/systemd/system-preset/${file}`, `# x\n${lines.join("\n")}\n`] as const;
  });

/** Files of a root by their paths. */
const roots = fc
  .tuple(
    fc.array(unit, { minLength: 1, maxLength: 12 }),
    fc.array(pulled, { maxLength: 4 }),
    fc.array(dropIn, { maxLength: 2 }),
    fc.array(preset, { maxLength: 2 }),
  )
  .map((parts) => ({
    "/opt/a.service": "[Install]\nWantedBy=x.target\n",
    "/opt/f@.service": "[Service]\n",
    ...Object.fromEntries<Content>(parts.flat()),
  }));
