import { describe, expect, it } from "vitest";
import { services } from "../../../../core/guest/facts/services/index.ts";
import { parsePresets } from "../../../../core/guest/facts/services/presets.ts";
import { readUnits } from "../../../../core/guest/units.ts";
import { knownSystem } from "../../../support/known-system.ts";
import { type Content, memoryTree } from "../../../support/memory-filesystem.ts";

const read = async (files: Readonly<Record<string, Content>>) =>
  (await services.read(await knownSystem(await memoryTree(files)))).map(({ name, kind, state, wanted_by }) =>
    [kind, name, state, ...wanted_by].join(" "),
  );

const DEFAULT = "/etc/runlevels/default";

describe("services", () => {
  it("of systemd tell what pulls them in, instances beside their template", async () => {
    const found = await read({
      "/usr/lib/systemd/system/getty@.service": "[Install]\nWantedBy=getty.target\nDefaultInstance=tty1\n",
      "/etc/systemd/system/getty.target.wants/getty@tty2.service": { link: "/lib/systemd/system/getty@.service" },
      "/lib": { link: "usr/lib" },
      "/usr/lib/systemd/system/sysinit.target.wants/tidy.service": { link: "../tidy.service" },
      "/usr/lib/systemd/system/tidy.service": "[Service]\n",
    });
    expect(found).toEqual([
      "systemd getty@.service indirect",
      "systemd getty@tty2.service enabled getty.target",
      "systemd tidy.service static sysinit.target",
    ]);
  });

  it("of System V are those that systemd has no unit of", async () => {
    const scripts = {
      "/etc/init.d/old": "#!/bin/sh\n",
      "/etc/init.d/ssh": "#!/bin/sh\n",
      "/etc/init.d/README": "",
      "/etc/rc2.d/S01old": { link: "../init.d/old" },
      "/etc/rc5.d/S02old": { link: "../init.d/old" },
      "/etc/rc0.d/K01old": { link: "../init.d/old" },
      "/usr/lib/systemd/system/ssh.service": "[Service]\n",
    };
    expect(await read({ ...scripts, "/usr/lib/systemd/systemd": "" })).toEqual([
      "systemd ssh.service static",
      "sysv old enabled 2 5",
    ]);
    expect(await read(scripts)).toContain("sysv ssh disabled");
  });

  it("of OpenRC and of runit are in their runlevels", async () => {
    const found = await read({
      "/etc/init.d/sshd": "#!/sbin/openrc-run\n",
      "/etc/init.d/ntpd": "#!/sbin/openrc-run\n",
      [`${DEFAULT}/sshd`]: { link: "/etc/init.d/sshd" },
      "/etc/init.d/net.lo": "#!/sbin/openrc-run\n",
      "/etc/init.d/net.eth0": { link: "net.lo" },
      "/etc/init.d/functions.sh": "",
      "/etc/init.d/sshd.apk-new": "",
      [`${DEFAULT}/net.eth0`]: { link: "/etc/init.d/net.eth0" },
      "/etc/sv/dhcpcd/run": "#!/bin/sh\n",
      "/etc/sv/cupsd/run": "#!/bin/sh\n",
      "/etc/sv/held/run": "#!/bin/sh\n",
      "/etc/sv/held/down": "",
      "/etc/sv/none/README": "",
      "/usr/bin/runsvdir": "",
      "/etc/runit/runsvdir/default/dhcpcd": { link: "/etc/sv/dhcpcd" },
      "/etc/runit/runsvdir/default/held": { link: "/etc/sv/held" },
      "/etc/runit/runsvdir/current": { link: "default" },
      "/var/service": { link: "/run/runit/runsvdir/current" },
    });
    expect(found).toEqual([
      "openrc net.eth0 enabled default",
      "openrc net.lo disabled",
      "openrc ntpd disabled",
      "openrc sshd enabled default",
      "runit cupsd disabled",
      "runit dhcpcd enabled default",
      "runit held disabled default",
    ]);
  });

  it("of runit are none where nothing starts them", async () => {
    expect(await read({ "/etc/sv/ssh/run": "", "/etc/runit/runsvdir/default/ssh": { link: "/etc/sv/ssh" } })).toEqual(
      [],
    );
  });

  it("have presets of which other lines are left out", () => {
    expect(parsePresets("# x\nenable a.service\ndisable f@.service one two\nignore *\nenabled b\nenable\n")).toEqual([
      { action: "enable", pattern: "a.service" },
      { action: "disable", pattern: "f@.service" },
      { action: "ignore", pattern: "*" },
    ]);
  });
});

describe("units of the default report", () => {
  it("are masked by an empty file and by any link to /dev/null", async () => {
    const { masked } = await readUnits(
      await memoryTree({
        "/etc/systemd/system/a.service": { link: "../../../dev/null" },
        "/etc/systemd/system/b.socket": "",
        "/etc/systemd/system/c.service": "[Service]\n",
        "/etc/systemd/system/d.wants": { link: "/dev/null" },
        "/etc/systemd/system/e.service": { link: "/opt/dev/null" },
      }),
    );
    expect(masked).toEqual(["a.service", "b.socket"]);
  });
});
