import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { Field, FieldType } from "../../../core/model/contract.ts";
import { contractOf } from "../../../core/model/index.ts";
import { guestkit } from "../../support/cli.ts";
import { scratch } from "../../support/run.ts";
import { filesWith, SecretWatch } from "../../support/secret-watch.ts";

const MARK = "mark-4b8e";
const cwd = await scratch("secrets");
const server = createServer((_, response) => response.writeHead(403).end());
await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
afterAll(() => server.close().closeAllConnections());
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/image?sig=${MARK}-signature#${MARK}-fragment`;

const secret = "${file.given/word}";
const files = [{ path: "/secret", secret_content: secret, secret_content_version: 1 }];
const layout = { partitions: [{ name: "root", filesystem: "ext4" }] };
const user = { password_hash: secret, password_hash_version: 1 };
const cloudInit = { users: { admin: user }, write_files: [{ path: "/x", secret_content: secret }] };
const machine = { running: false, preflight: "off", graphics: { kind: "vnc", password: secret } };
const provision = [{ name: "use", inline: ["true"], secret_environment: { TOKEN: secret } }];

const resources = {
  disk_image: {
    files: { path: "made/files.qcow2", size: "16M", layout, files },
    source: {
      path: "made/source.qcow2",
      source: { url, headers: { Authorization: secret }, proxy_authorization: secret },
    },
    built: { path: "made/built.qcow2", bootstrap: { kernel: "none", users: { admin: user } } },
  },
  cloud_init_seed: {
    short: { path: "made/short.iso", ...cloudInit },
    raw: { path: "made/raw.iso", secret_user_data: `#cloud-config\n# ${secret}\n` },
  },
  virtual_machine: {
    web: { name: "web", ...machine, cloud_init: cloudInit, provision },
    raw: { name: "raw", running: false, preflight: "off", cloud_init: { secret_user_data: secret } },
  },
};

/** Paths of secret fields, elements as `*`. */
function* secretsOf(fields: readonly Field[], path: string): Generator<string> {
  for (const { name, type, writeOnly } of fields) {
    if (writeOnly) yield `${path}.${name}`;
    else yield* secretsWithin(type, `${path}.${name}`);
  }
}

function* secretsWithin(type: FieldType, path: string): Generator<string> {
  if (type.kind === "object") yield* secretsOf(type.fields, path);
  if (type.kind === "list" || type.kind === "map") yield* secretsWithin(type.element, `${path}.*`);
}

/** The same of what is declared above. */
const isGiven = (path: string): boolean => {
  const [contract = "", ...steps] = path.split(".");
  const step = (values: unknown[], name: string): unknown[] =>
    values.flatMap((each) => {
      if (typeof each !== "object" || each === null) return [];
      return name === "*" ? Object.values(each) : [(each as Record<string, unknown>)[name] ?? null];
    });
  const found = steps.reduce(step, Object.values((resources as Record<string, object>)[contract] ?? {}));
  return found.some((each) => JSON.stringify(each ?? null).includes(secret));
};

it("gives a secret to every field of a resource that takes one", () => {
  const all = Object.keys(resources).flatMap((name) => [...secretsOf(contractOf(name).input, name)]);
  expect(all.length).toBeGreaterThan(9);
  expect(all.filter((path) => !isGiven(path))).toEqual([]);
});

it("tells none: no file, argument, message or log line of a run at trace level has one", async () => {
  for (const name of ["given", "made", "bin"]) await mkdir(join(cwd, name));
  await writeFile(join(cwd, "given/word"), `${MARK}-word\n`);
  await writeFile(
    join(cwd, "guestkit.yaml"),
    JSON.stringify({ version: 1, resources }).replace(url, "${file.given/url}"),
  );
  await writeFile(join(cwd, "given/url"), url);
  // What a bootstrap would be made with is seen; it takes minutes otherwise.
  await writeFile(join(cwd, "bin/mmdebstrap"), "#!/bin/sh\nsleep 0.3\nexit 1\n");
  await chmod(join(cwd, "bin/mmdebstrap"), 0o755);
  const env = {
    ...{ PATH: `${join(cwd, "bin")}:${process.env.PATH}`, GUESTKIT_LOG: "trace" },
    ...{
      GUESTKIT_DATA_DIR: join(cwd, "data"),
      GUESTKIT_CACHE_DIR: join(cwd, "cache"),
      GUESTKIT_RUNTIME_DIR: join(cwd, "run"),
    },
  };
  await using watch = new SecretWatch([MARK]);
  for (const args of [
    ["validate"],
    ["plan"],
    ["plan", "--json", "--out", "plan.json"],
    ["apply", "--auto-approve"],
    ["apply", "--auto-approve", "--json"],
    ["plan", "--json"],
  ]) {
    const { stdout, stderr } = await guestkit(args, { cwd, env });
    expect(stdout.toString() + stderr, args.join(" ")).not.toContain(MARK);
  }
  expect(watch.found).toEqual([]);
  const holders = (await filesWith([MARK], [cwd])).map((each) => each.slice(cwd.length + 1).replace(/: .*/, ""));
  // What is made to hold it, and where it was read from.
  const meant = /^(given\/|made\/(files\.qcow2|short\.iso|raw\.iso)$|data\/machines\/\w+\/seed\.iso$)/;
  expect(holders.filter((path) => !meant.test(path))).toEqual([]);
  expect(holders).toEqual(expect.arrayContaining(["made/files.qcow2", "made/short.iso", "made/raw.iso"]));
});
