import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import type { History } from "../../../core/guest/facts/history/index.ts";
import { gatherSessions, type Login } from "../../../core/guest/facts/history/sessions.ts";
import { openUtmp } from "../../../core/guest/facts/history/utmp.ts";
import { guestkitText } from "../../support/cli.ts";
import { folder } from "../../support/disk.ts";
import { memoryTree } from "../../support/memory-filesystem.ts";
import { fc } from "../../support/property.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("facts-history");
const START = 1_700_000_000;

interface Record {
  readonly type: number;
  readonly pid: number;
  readonly line: string;
  readonly user: string;
  readonly host: string;
}

/** A minute between each, as utmpdump reads them. */
const dumped = (records: readonly Record[]) =>
  records
    .map(({ type, pid, line, user, host }, index) => {
      const time = new Date((START + 60 * index) * 1000).toISOString().replace(/\.(\d{3})Z/, ",$1000+00:00");
      const columns = [
        String(type),
        String(pid).padStart(5, "0"),
        "ts/0",
        user.padEnd(8),
        line.padEnd(12),
        host.padEnd(20),
      ];
      return `${[...columns, "0.0.0.0        ", time].map((each) => `[${each}]`).join(" ")}\n`;
    })
    .join("");

async function write(path: string, records: readonly Record[]): Promise<string> {
  await writeFile(`${path}.txt`, dumped(records));
  await run("sh", ["-c", 'TZ=UTC utmpdump -r < "$1" > "$2" 2>/dev/null', "sh", `${path}.txt`, path]);
  return path;
}

/** Lines of last(1) by words: who, line, host, start, and how it ended. */
async function told(program: string, file: string): Promise<readonly string[]> {
  const script = 'TZ=UTC "$1" -w --time-format iso -f "$2"';
  const lines = (await run("sh", ["-c", script, "sh", program, file]))
    .split("\n")
    .filter((line) => /\d{4}-\d\d/.test(line));
  return lines
    .filter((line) => !/^\w+ begins /.test(line))
    .map((line) =>
      line
        .replace(/ +\(.*\)$/, "")
        .replace(/\s+/g, " ")
        .trim(),
    );
}

const iso = (time: string | null) => time?.replace(".000Z", "+00:00") ?? "";
const ends = (each: Login) =>
  ({ logout: `- ${iso(each.until)}`, shutdown: "- down", crash: "- crash", unknown: "gone - no logout" })[each.ended];
const spelled = (each: Login) => [each.user, each.line, each.host, iso(each.at), ends(each)].filter(Boolean).join(" ");

const record = fc
  .oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        type: fc.constantFrom(7, 7, 8, 6),
        line: fc.constantFrom("pts/0", "pts/1", "tty1"),
        user: fc.constantFrom("me", "root", "LOGIN", ""),
        host: fc.constantFrom("192.0.2.1", ""),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        type: fc.constantFrom(2, 1),
        line: fc.constant("~"),
        user: fc.constantFrom("reboot", "shutdown"),
        host: fc.constant("6.1.0"),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant(1),
        line: fc.constant("~"),
        user: fc.constant("runlevel"),
        host: fc.constant("6.1.0"),
      }),
    },
  )
  .chain((fields) => fc.constantFrom(48, 53, 54).map((pid): Record => ({ ...fields, pid })));

it("sessions are those of last, whatever came in which order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 60 }), async (records) => {
      const file = await write(join(dir, "wtmp"), records);
      const utmp = await openUtmp(await memoryTree({ "/wtmp": await readFile(file) }), "/wtmp");
      if (!utmp) throw new Error("no wtmp");
      const { logins, boots } = await gatherSessions(utmp.newestFirst(), 100);
      const lines = await told("last", file);
      const isBoot = (line: string) => line.startsWith("reboot system boot");
      expect(logins.map(spelled)).toEqual(lines.filter((line) => !isBoot(line)));
      expect(boots.map(({ at, kernel }) => `${kernel} ${iso(at)}`)).toEqual(
        lines.filter(isBoot).map((line) => line.split(" ").slice(3, 5).join(" ")),
      );
    }),
    { numRuns: 30 },
  );
});

it("--facts history tells what last, lastb, lastlog and SQLite say", async () => {
  const login = (type: number, user: string, host = "192.0.2.1"): Record => ({
    type,
    pid: 1,
    line: "pts/0",
    user,
    host,
  });
  const root = await folder(dir, {
    "etc/os-release": "ID=debian\n",
    "etc/passwd": "root:x:0:0::/root:/bin/sh\nme:x:1000:1000::/home/me:/bin/sh\n",
    "usr/bin/x": "",
    "root/.bash_history": "ls\n",
  });
  await mkdir(join(root, "var/log"), { recursive: true });
  await write(join(root, "var/log/wtmp"), [login(7, "me"), login(8, ""), login(7, "root")]);
  await write(join(root, "var/log/btmp"), [login(6, "me"), login(6, "root")]);
  for (const file of ["wtmp.txt", "btmp.txt"]) await run("rm", [join(root, "var/log", file)]);
  await writeFile(join(root, "var/log/lastlog"), new Uint8Array(292 * 1001));
  await run("lastlog", ["-R", root, "--set", "--user", "1000"]);
  for (const [path, sql] of DATABASES) {
    await mkdir(join(root, path, ".."), { recursive: true });
    const database = new DatabaseSync(join(root, path));
    database.exec(sql);
    database.close();
  }
  const image = join(dir, "history.img");
  await run("mke2fs", ["-q", "-t", "ext4", "-d", root, image, "16M"]);
  const report = JSON.parse(await guestkitText(["inspect", image, "--json", "--facts", "history"]));
  const history: History = report.history;
  expect(report.warnings).toEqual([]);
  const [ofDatabase, ofWtmp] = [history.logins.slice(0, 2), history.logins.slice(2)];
  expect(ofWtmp.map(spelled)).toEqual(await told("last", join(root, "var/log/wtmp")));
  expect(ofDatabase.map(({ user, host, at, ended }) => [user, host, at, ended])).toEqual([
    ["me", "192.0.2.7", "2025-01-01T00:01:00.123Z", "unknown"],
    ["root", null, "2025-01-01T00:00:10.000Z", "logout"],
  ]);
  expect(history.boots).toEqual([{ at: "2025-01-01T00:00:00.000Z", kernel: "6.12.1", until: null, ended: "unknown" }]);
  expect(history.failed_logins.map(({ user, line, host, at }) => [user, line, host, iso(at)].join(" "))).toEqual(
    (await told("lastb", join(root, "var/log/btmp"))).map((line) => line.split(" ").slice(0, 4).join(" ")),
  );
  const lastlog = (await run("sh", ["-c", 'TZ=UTC lastlog -R "$1" -u 1000', "sh", root])).split("\n")[1] ?? "";
  const [ofLastlog2, ofLastlog] = history.last_logins;
  expect([ofLastlog2?.user, ofLastlog2?.at, ofLastlog2?.host]).toEqual([
    "root",
    "2025-01-01T00:00:10.000Z",
    "192.0.2.8",
  ]);
  expect(ofLastlog?.user).toBe("me");
  expect(lastlog).toContain(new Date(ofLastlog?.at ?? 0).toISOString().slice(11, 19));
  expect(history.logs.map(({ records }) => records)).toEqual([3, 2, 3]);
  expect(history.shell_histories).toEqual([{ path: "/root/.bash_history", user: "root", lines: 1 }]);
});

/** 2025-01-01. */
const SECONDS = 1_735_689_600;
/** As wtmpdb (lib/sqlite.c, add_entry) and liblastlog2 (src/lastlog2.c, write_entry) make their tables. */
const DATABASES = [
  [
    "var/lib/wtmpdb/wtmp.db",
    `CREATE TABLE wtmp(ID INTEGER PRIMARY KEY, Type INTEGER, User TEXT NOT NULL, Login INTEGER, Logout INTEGER,
       TTY TEXT, RemoteHost TEXT, Service TEXT) STRICT;
     INSERT INTO wtmp (Type, User, Login, Logout, TTY, RemoteHost, Service) VALUES
       (1, 'reboot', ${SECONDS}000000, NULL, '~', '6.12.1', NULL),
       (3, 'root', ${SECONDS + 10}000000, ${SECONDS + 20}000000, 'tty1', NULL, 'login'),
       (3, 'me', ${SECONDS + 60}123456, NULL, 'pts/0', '192.0.2.7', 'sshd')`,
  ],
  [
    "var/lib/lastlog/lastlog2.db",
    `CREATE TABLE Lastlog2(Name TEXT PRIMARY KEY, Time INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT);
     INSERT INTO Lastlog2 VALUES ('root', ${SECONDS + 10}, 'tty1', '192.0.2.8', 'login')`,
  ],
] as const;
