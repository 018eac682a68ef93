import { describe, expect, it } from "vitest";
import { parseCrontab } from "../../../../core/guest/facts/schedule/cron.ts";
import { schedule } from "../../../../core/guest/facts/schedule/index.ts";
import { knownSystem } from "../../../support/known-system.ts";
import { memoryTree } from "../../../support/memory-filesystem.ts";

describe("cron", () => {
  it("takes tables with a user and without one, and passes over what is no job", () => {
    const text = "# m h\nMAILTO=root\nPATH = /bin\n17 *\t* * * root cd / && run\n@reboot web  start --all\n1 2 3\n";
    expect(parseCrontab(text, true)).toEqual([
      { schedule: "17 * * * *", user: "root", command: "cd / && run" },
      { schedule: "@reboot", user: "web", command: "start --all" },
    ]);
    expect(parseCrontab("*/5 * * * * A=1 run\n", false)).toEqual([
      { schedule: "*/5 * * * *", user: null, command: "A=1 run" },
    ]);
  });

  it("are told without what shows to be a secret in them", () => {
    const commands = [
      "curl -u me:SECRET https://h/?token=SECRET",
      'curl -H "Authorization: Bearer SECRET" https://u:SECRET@h/a',
      "MYSQL_PWD=SECRET mysqldump -uroot db",
      "mysqldump -pSECRET db",
      "sshpass -p SECRET ssh h",
      "run --api-token SECRET --password='SECRET SECRET' --password-file /etc/x",
    ];
    const jobs = parseCrontab(commands.map((each) => `@daily ${each}\n`).join(""), false);
    expect(JSON.stringify(jobs)).not.toContain("SECRET");
    expect(jobs.at(-1)?.command).toBe("run --api-token (secret) --password=(secret) --password-file /etc/x");
    expect(parseCrontab("@daily mkdir -p /a && rsync -u b:/c d\n", false)[0]?.command).toBe(
      "mkdir -p /a && rsync -u b:/c d",
    );
  });

  it("may be more than a call takes arguments, and a folder may be reached by a link as well", async () => {
    const tree = await memoryTree({
      "/etc/crontabs/root": "@daily a\n".repeat(200_000),
      "/var/spool/cron/crontabs": { link: "/etc/crontabs" },
    });
    const { cron } = await schedule.read(await knownSystem(tree));
    expect(cron).toHaveLength(200_000);
    expect(cron[0]?.file).toBe("/var/spool/cron/crontabs/root");
  });

  it("gathers tables, spools and the folders of run-parts", async () => {
    const tree = await memoryTree({
      "/etc/debian_version": "13.1\n",
      "/etc/crontab": "1 1 * * * root a\n",
      "/etc/cron.d/b": "@daily web b\n",
      "/etc/cron.d/b.dpkg-old": "@daily web no\n",
      "/var/spool/cron/crontabs/web": "@hourly c\n",
      "/etc/cron.daily/logrotate": "#!/bin/sh\n",
      "/etc/cron.daily/.placeholder": "",
    });
    const { cron } = await schedule.read(await knownSystem(tree));
    expect(cron.map(({ file, user, command }) => [file, user, command])).toEqual([
      ["/etc/crontab", "root", "a"],
      ["/etc/cron.d/b", "web", "b"],
      ["/var/spool/cron/crontabs/web", "web", "c"],
      ["/etc/cron.daily/logrotate", "root", "/etc/cron.daily/logrotate"],
    ]);
  });
});

it("of cron are those of names with a dot as well, where it is not Debian's", async () => {
  const tree = await memoryTree({
    "/etc/cron.d/raid.check": "@daily root a\n",
    "/etc/cron.d/raid.check.rpmsave": "@daily root no\n",
    "/etc/cron.daily/man-db.cron": "#!/bin/sh\n",
    "/etc/cron.daily/logrotate~": "",
    "/etc/cron.daily/.placeholder": "",
  });
  const { cron } = await schedule.read(await knownSystem(tree));
  expect(cron.map(({ file }) => file)).toEqual(["/etc/cron.d/raid.check", "/etc/cron.daily/man-db.cron"]);
});

describe("timers", () => {
  it("are put together as systemd does it", async () => {
    const tree = await memoryTree({
      "/usr/lib/systemd/system/apt.timer": "[Timer]\nOnCalendar=daily\nRandomizedDelaySec=1h\n",
      "/etc/systemd/system/apt.timer.d/10-often.conf": "[Timer]\nOnCalendar=\nOnCalendar=hourly\nUnit=other.service\n",
      "/usr/lib/systemd/system/tidy.timer": "[Timer]\nOnBootSec=15min\nOnUnitActiveSec=1d\n",
      "/usr/lib/systemd/system/timers.target.wants/tidy.timer": { link: "../tidy.timer" },
      "/usr/lib/systemd/system/gone.timer": "[Timer]\nOnCalendar=daily\n",
      "/etc/systemd/system/gone.timer": { link: "/dev/null" },
      "/etc/systemd/system/timers.target.wants/apt.timer": { link: "/usr/lib/systemd/system/apt.timer" },
    });
    const { timers } = await schedule.read(await knownSystem(tree));
    expect(timers).toEqual([
      { name: "apt.timer", unit: "other.service", triggers: ["OnCalendar=hourly"], enabled: true },
      { name: "tidy.timer", unit: "tidy.service", triggers: ["OnBootSec=15min", "OnUnitActiveSec=1d"], enabled: true },
    ]);
  });
});
