import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { guestkitText } from "../../support/cli.ts";
import { foreignSources } from "../../support/foreign-sources.ts";
import { run, scratch } from "../../support/run.ts";

it("guestkit.yaml makes images of other hypervisors' and publishers' files, and is content with them", async () => {
  const cwd = await scratch("foreign-source");
  await using made = await foreignSources(cwd);
  const images = Object.entries(made.sources).map(([name, source]) => [name, { path: `${name}.qcow2`, source }]);
  const resources = { disk_image: Object.fromEntries(images) };
  const write = (project: object) => writeFile(join(cwd, "guestkit.yaml"), JSON.stringify({ version: 1, ...project }));
  await write({ resources });
  const text = (...args: string[]) => guestkitText(args, { cwd });
  const { changes } = JSON.parse(await text("plan", "--json"));
  expect(changes.map(({ action }: { action: string }) => action)).toEqual(["create", "create", "create", "create"]);
  await text("apply", "--auto-approve");
  for (const name of Object.keys(made.sources))
    await run("qemu-img", ["compare", "-f", "qcow2", "-F", "raw", join(cwd, `${name}.qcow2`), made.seed]);
  expect(JSON.parse(await text("plan", "--json", "--detailed-exitcode")).changes).toEqual([]);

  // Another member is another disk.
  const other = {
    ...resources.disk_image,
    member: { path: "member.qcow2", source: { ...made.sources.member, member: "other.vmdk" } },
  };
  await write({ resources: { disk_image: other } });
  expect(JSON.parse(await text("plan", "--json")).changes).toMatchObject([
    { address: "disk_image.member", action: "replace", reasons: [{ path: "source.member" }] },
  ]);
});
