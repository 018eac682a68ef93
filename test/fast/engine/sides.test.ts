import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { canonicalFields, equalValues, normalise } from "../../../core/engine/normalise.ts";
import { reconcile } from "../../../core/engine/reconcile.ts";
import { type CallerPath, isElsewhere, ownPath } from "../../../core/kit/caller-path.ts";
import type { Field, FieldType } from "../../../core/model/contract.ts";
import { contractOf, contracts } from "../../../core/model/registry.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import { repository } from "../../support/engines.ts";

const AWAY = { host: "/host", caller: "/home/me" } as const;
const { input } = contractOf("disk_image", "resource");
const spelled = (given: ValueObject, base: string | typeof AWAY) =>
  canonicalFields(input, normalise(input, given), base) as {
    path: string;
    source: Record<string, string>;
    files: Record<string, string>[];
  };

const DIGEST = "a".repeat(64);
const declared = {
  path: "web.qcow2",
  source: { url: "debian.img", sha256: "SUMS", sha512: "/host/SUMS", ca_file: "host:/etc/ca.pem" },
  files: [{ path: "/a", source: "a" }],
};

it("gives paths of a caller on this machine as any others", () => {
  const { path, source, files } = spelled(declared, "/base");
  expect(path).toBe("/base/web.qcow2");
  expect(source).toMatchObject({ url: "/base/debian.img", sha256: "/base/SUMS", ca_file: "/etc/ca.pem" });
  expect(files[0]?.source).toBe("/base/a");
});

it("gives those of a caller elsewhere as what no file of the host is", () => {
  const { path, source, files } = spelled(declared, AWAY);
  expect(path).toBe("/host/web.qcow2");
  expect(source).toMatchObject({
    url: "caller:/home/me/debian.img",
    sha256: "caller:/home/me/SUMS",
    sha512: "caller:/host/SUMS",
    ca_file: "host:/etc/ca.pem",
  });
  expect(files[0]?.source).toBe("caller:/home/me/a");
});

it.each([
  ["https://Example.org/A", "https://example.org/A"],
  ["file:///a/b%20c", "caller:/a/b c"],
  ["host:/a/../b", "host:/b"],
  ["host:b", "host:/host/b"],
  ["./host:b", "caller:/home/me/host:b"],
  ["caller:/a", "caller:/a"],
  ["host://a/b", "host://a/b"],
  ["s3://a/b", "s3://a/b"],
])("takes the place %s for %s", (url, wanted) => {
  const once = spelled({ path: "a", source: { url } }, AWAY).source;
  expect(once.url).toBe(wanted);
  expect(spelled({ path: "a", source: { url: wanted } }, AWAY).source.url).toBe(wanted);
});

it("leaves digests, and what an earlier caller declared, as they are", () => {
  const { source } = spelled({ path: "a", source: { url: "caller:/x", sha256: `sha256:${DIGEST}` } }, "/base");
  expect(source).toMatchObject({ url: "caller:/x", sha256: DIGEST });
  expect(() => ownPath(source.url as unknown as CallerPath)).toThrow(
    expect.objectContaining({ code: "E_FILE_ELSEWHERE", message: expect.stringContaining('"/x"') }),
  );
});

it("tells a file of the caller's from one of the host's of the same name", () => {
  const type: FieldType = { kind: "path", side: "caller" };
  expect(equalValues(type, "/a", "host:/a", "/base")).toBe(true);
  expect(equalValues(type, "/a", "host:/a", AWAY)).toBe(false);
  expect(equalValues(type, "/home/me/a", "a", AWAY)).toBe(true);
});

it("keeps what was declared on the host itself apart from what a caller brought", () => {
  const contract = contractOf("disk_image", "resource");
  const observed = {
    input: { path: "/a", source: { url: "/b" }, files: [{ path: "/c", source: "caller:/d" }] },
    output: {},
  };
  const from = (base: string | typeof AWAY) =>
    reconcile(contract, { path: "/a" }, observed, { id: "/a", baseDir: base });
  expect(from(AWAY)).toMatchObject({ source: { url: "host:/b" }, files: [{ source: "caller:/d" }] });
  expect(from("/")).toMatchObject({ source: { url: "/b" }, files: [{ source: "caller:/d" }] });
});

interface Found {
  readonly at: string;
  readonly type: FieldType;
}

/** Every field of a contract that may be a path on a machine. */
function pathsOf(fields: readonly Field[], at: string): readonly Found[] {
  return fields.flatMap(({ name, type }) => pathsIn(type, `${at}.${name}`));
}

function pathsIn(type: FieldType, at: string): readonly Found[] {
  if (type.kind === "object") return pathsOf(type.fields, at);
  if (type.kind === "list" || type.kind === "map") return pathsIn(type.element, at);
  const isPlace = type.kind === "string" && ["place", "digestPlace", "repository"].includes(type.form ?? "");
  return type.kind === "path" || isPlace ? [{ at, type }] : [];
}

const all = contracts.flatMap((each) => pathsOf(each.input, each.name));
const sideOf = ({ type }: Found) => (type.kind === "path" || type.kind === "string" ? type.side : undefined);

/** Why a field is the host's, by what it is called. */
const HOSTS: readonly (readonly [RegExp, string])[] = [
  [
    /\.(image|disk_image|base|backing_file|before|after|(before_|after_)?with|kernel|initrd)$/,
    "images and what boots them: as large as disks, used in place",
  ],
  [
    /^(disk_image|cloud_init_seed)\.path$|^virtual_machine\.networks\.path$/,
    "what is made, or listened at, on the host",
  ],
  [/\.(dest|output|report)$/, "what is written on the host"],
  [/\.shares\.path$|^vm_(mount|clamav)\.path$|^vm_clamav\.database$/, "shared in place with a guest of the host"],
  [/^vm_(mat|pdf_cleaner)\.paths?$/, "the clean file goes beside it"],
  [/^vm_(up|restart)\.file$/, "a whole project is applied from there, with what lies beside it"],
  [/^ci_/, "jobs run on the host by themselves, with files of the host that no repository and no caller can change"],
];

it("has a side, or a reason to be the host's, for every field that may be a path", () => {
  const hosts = all.filter((each) => sideOf(each) === undefined).map(({ at }) => at);
  expect(hosts.filter((at) => !HOSTS.some(([pattern]) => pattern.test(at)))).toEqual([]);
  const idle = HOSTS.filter(([pattern]) => !hosts.some((at) => pattern.test(at)));
  expect(idle).toEqual([]);
});

it("hands out no path of the caller's side that the host could open", () => {
  const callers = all.filter((each) => sideOf(each) === "caller");
  expect(callers.map(({ at }) => at)).toContain("disk_image.files.source");
  for (const { at, type } of callers) {
    const field = { name: "it", type, description: "", required: false };
    const { it } = canonicalFields([field], { it: "some/file" }, AWAY);
    expect(isElsewhere(String(it)), at).toBe(true);
  }
});

it("tells of every such field where it is read", () => {
  const told = (fields: readonly Field[]): readonly string[] =>
    fields.flatMap((field) => {
      const { type, description } = field;
      const [own] = pathsIn(type, field.name);
      if (type.kind === "object") return told(type.fields);
      if (type.kind === "list" && type.element.kind === "object") return told(type.element.fields);
      return own && sideOf(own) === "caller" && !description.includes("host:/PATH") ? [field.name] : [];
    });
  expect(contracts.flatMap(({ input: fields }) => told(fields))).toEqual([]);
});

/** Who takes a path of the caller's for one of this host beside `context.files`, and what of. All throw for one elsewhere. */
const OPENED_HERE: Readonly<Record<string, string>> = {
  "core/kit/caller-path.ts": "says what it is",
  "core/host/caller-files.ts": "is context.files where both are one machine",
  "core/rpc/files/caller-files.ts": "is context.files where they are two: of what a request does not name",
  "core/build/source.ts": "a source of this host is a chain of images that is opened in place",
  "core/resource/disk-image/missing-files.ts":
    "looks at such a source before it is opened; asks whether a plan makes it",
  "core/communicator/provision/payload.ts": "a step's script, as the machine's folder has it (machine/brought)",
  "core/communicator/ssh/target.ts": "the key to log in with, likewise",
  "core/preflight/world.ts": "why ssh would not take a key of this host",
};

it("opens them by context.files alone", async () => {
  const found: string[] = [];
  for await (const file of glob("core/**/*.ts", { cwd: repository, exclude: ["core/dist/**"] }))
    if (/\bownPath\b/.test(await readFile(join(repository, file), "utf8"))) found.push(file);
  expect(found.toSorted()).toEqual(Object.keys(OPENED_HERE).toSorted());
});
