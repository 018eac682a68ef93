/** Images whose system stands on xfs in LVM or in a subvolume, by guestkit.yaml: what is told of them follows what is in them. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { guestkitText } from "../../support/cli.ts";
import {
  changeBoot,
  changeForeignRoot,
  FOREIGN_ROOTS,
  type ForeignRoot,
  makeForeignRoot,
  SMALL_SYSTEM,
} from "../../support/foreign-roots.ts";
import { scratch } from "../../support/scratch.ts";
import { share } from "../../support/slow.ts";
import { rewriteFile } from "../../support/tamper.ts";

const dir = await scratch("foreign-root");

/** The notice carries what is read in the image of the system. */
const project = (declared: string) => `version: 1
resources:
  disk_image:
    web: { path: web.qcow2, source: { url: disk.raw }, files: [${declared}] }
    notice:
      path: notice.raw
      format: raw
      size: 8M
      layout: { partitions: [{ name: data, filesystem: ext4 }] }
      files: [{ path: /motd, content: "\${file_content.motd.content}" }]
queries:
  inspection:
    web: { disk_image: "\${disk_image.web.id}" }
  file_content:
    motd: { disk_image: "\${disk_image.web.id}", path: /etc/motd }
outputs:
  packages: "\${inspection.web.packages}"
`;
const BESIDE = "{ path: /boot/grub/custom.cfg, content: declared }";
const WITHIN = "{ path: /etc/motd, content: declared }";

describe.each(share(Object.keys(FOREIGN_ROOTS) as ForeignRoot[], (kind) => kind === "a subvolume"))(
  "a system in %s",
  (kind) => {
    it("is told as it is now, and what is declared beside it and in it is put there", async () => {
      const cwd = join(dir, kind.replaceAll(" ", "-"));
      await mkdir(cwd);
      const write = (declared: string) => writeFile(join(cwd, "guestkit.yaml"), project(declared));
      const text = (...args: string[]) => guestkitText(args, { cwd });
      const plan = async () => JSON.parse(await text("plan", "--json"));
      const packages = async () =>
        JSON.parse(await text("output", "--json")).packages.map(({ name }: { name: string }) => name);
      await makeForeignRoot(kind, join(cwd, "disk.raw"), SMALL_SYSTEM);
      await write(BESIDE);
      await text("apply", "--auto-approve");
      expect([(await plan()).changes, await packages()]).toEqual([[], ["one", "two"]]);

      const image = join(cwd, "web.qcow2");
      await changeForeignRoot(kind, image, "echo tampered > etc/motd; sed -i s/two/worm/ var/lib/dpkg/status");
      expect(await packages()).toEqual(["one", "worm"]);
      expect((await plan()).changes).toMatchObject([
        { address: "disk_image.notice", action: "update", reasons: [{ before: "as made\n", after: "tampered\n" }] },
      ]);
      await changeBoot(image, await rewriteFile("/grub/custom.cfg", "other"));
      expect((await plan()).changes).toMatchObject([
        { address: "disk_image.web", action: "update", reasons: [{ path: "files[0].content" }] },
        { address: "disk_image.notice" },
      ]);
      await text("apply", "--auto-approve");
      expect((await plan()).changes).toEqual([]);
      expect(await text("cat", image, "/boot/grub/custom.cfg")).toBe("declared");
      expect(await text("cat", "notice.raw", "/motd")).toBe("tampered\n");

      await write(WITHIN);
      expect((await plan()).changes).toMatchObject([
        { address: "disk_image.web", action: "update" },
        { address: "disk_image.notice", action: "update" },
      ]);
      await text("apply", "--auto-approve");
      expect((await plan()).changes).toEqual([]);
      expect([await text("cat", image, "/etc/motd"), await packages()]).toEqual(["declared", ["one", "worm"]]);
      expect(await text("cat", image, "/boot/grub/custom.cfg")).toBe("declared");
    });
  },
);
