import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { partLogins } from "../../../core/build/bootstrap/apt-login.ts";
import { checkScript, earlyScript, lateScript, packagesOf } from "../../../core/build/bootstrap/configure.ts";
import { watchFailure } from "../../../core/build/bootstrap/failure.ts";
import { pickOptions } from "../../../core/build/bootstrap/host-apt.ts";
import { type BootstrapInput, checkInput } from "../../../core/build/bootstrap/input.ts";
import { freeRange, hasIds } from "../../../core/build/bootstrap/namespace.ts";
import { followProgress } from "../../../core/build/bootstrap/progress.ts";
import { mirrorWithout } from "../../../core/build/bootstrap/release-check.ts";
import { put, quote, script } from "../../../core/build/bootstrap/script.ts";
import { chooseSources, mapSuites, parseDeb822, parseOneLine } from "../../../core/build/bootstrap/sources.ts";
import { finishSources } from "../../../core/build/bootstrap/trust.ts";
import type { Context, Progress } from "../../../core/kit/context.ts";
import { diskImage } from "../../../core/model/contracts/disk-image.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(handler: Handler) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = async () => void server.close().closeAllConnections();
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, asked, [Symbol.asyncDispose]: close };
}

function declare(bootstrap: Record<string, unknown> = {}): BootstrapInput {
  const { bootstrap: input } = diskImage.input.parse({ path: "/x", bootstrap });
  if (!input) throw new Error("nothing declared");
  return input;
}

function context(mirror: string | null): Context {
  const settings = { cacheDir: "/nowhere", dataDir: "/nowhere", runtimeDir: "/nowhere", mirror };
  return { signal: new AbortController().signal, progress: () => {}, settings };
}

describe("apt sources", () => {
  it("are read in both styles", () => {
    const list =
      "# deb http://off x main\ndeb [arch=amd64 signed-by=/k.gpg] http://m/debian bookworm main\ndeb-src http://m y main\n";
    expect(parseOneLine(list)).toEqual([{ uri: "http://m/debian", suite: "bookworm", signedBy: "/k.gpg" }]);
    const deb822 =
      "Types: deb deb-src\n# note\nURIs: http://m/debian\nSuites: bookworm bookworm-updates\nComponents: main\n\nTypes: deb\nEnabled: no\nURIs: http://off\nSuites: x\n";
    expect(parseDeb822(deb822).map((each) => each.suite)).toEqual(["bookworm", "bookworm-updates"]);
    expect(parseDeb822("Types: deb\nURIs: http://m\nSuites: s\nSigned-By:\n -----BEGIN")[0]?.signedBy).toBeNull();
  });

  it("of the host are said for the release, third parties and backports left out", () => {
    const source = (suite: string) => ({ uri: "http://m", suite, signedBy: null });
    const host = ["bookworm", "bookworm-updates", "bookworm-security", "bookworm-backports", "nodistro"].map(source);
    const suites = (release: string) => mapSuites(host, "bookworm", release).map((each) => each.suite);
    expect(suites("trixie")).toEqual(["trixie", "trixie-updates", "trixie-security"]);
    expect(suites("sid")).toEqual(["sid"]);
    expect(mapSuites(host, null, "bookworm")).toEqual([]);
    expect(mapSuites([source("bookworm-security")], "bookworm", "bookworm")).toEqual([]);
  });

  it("follow the mirror declared before the one set", async () => {
    const own = await chooseSources(
      declare({ mirror: "http://own/debian", components: ["main", "contrib"] }),
      context("http://set"),
    );
    expect(own.lines).toEqual([
      expect.stringMatching(/^deb \[signed-by="[^"]+"\] http:\/\/own\/debian bookworm main contrib$/),
    ]);
    const set = await chooseSources(declare({ keyring: "/k.gpg" }), context("http://set/debian"));
    expect(set).toMatchObject({
      lines: ['deb [signed-by="/k.gpg"] http://set/debian bookworm main'],
      keyrings: ["/k.gpg"],
    });
  });

  it("take a snapshot's date only together with its place in the mirror", async () => {
    const snapshot = "20261101T000000Z";
    const { lines } = await chooseSources(declare({ mirror: "http://s/{snapshot}/", snapshot }), context(null));
    expect(lines[0]).toContain("http://s/20261101T000000Z/");
    const refused = { code: "E_BOOTSTRAP_SNAPSHOT" };
    await expect(chooseSources(declare({ mirror: "http://s/", snapshot }), context(null))).rejects.toMatchObject(
      refused,
    );
    await expect(chooseSources(declare({ mirror: "http://{snapshot}/" }), context(null))).rejects.toMatchObject(
      refused,
    );
  });
});

it("takes over how the host's apt reaches archives", () => {
  const dump =
    'Acquire::http::Proxy "http://p:3142";\nAcquire::http::Proxy::own.example "DIRECT";\nAcquire::http::Pipeline-Depth "5";\nAcquire::https::Proxy "";\nAcquire::Check-Date "false";\n';
  const proxies = ['Acquire::http::Proxy "http://p:3142";', 'Acquire::http::Proxy::own.example "DIRECT";'];
  expect(pickOptions(dump, ["Acquire::http::Proxy", "Acquire::https::Proxy"])).toEqual(proxies);
});

describe("a release that the mirror lacks", () => {
  const SHORT = { signal: AbortSignal.timeout(20_000) };

  it("is told of a mirror that answers, by either index", async () => {
    await using mirror = await serve(({ url }, response) => {
      const known = ["/debian/dists/bookworm/InRelease", "/debian/dists/old/Release"];
      response.writeHead(known.includes(url ?? "") ? 200 : 404).end("index");
    });
    const without = (release: string) =>
      mirrorWithout(declare({ release }), { ...context(`${mirror.origin}/debian`), ...SHORT });
    expect(await without("bookworm")).toBeNull();
    expect(await without("old")).toBeNull();
    expect(await without("trixxie")).toBe(`${mirror.origin}/debian`);
  });

  it("is told of a folder of this host", async () => {
    const dir = mkdtempSync(join(tmpdir(), "guestkit-mirror-"));
    mkdirSync(join(dir, "dists/bookworm"), { recursive: true });
    writeFileSync(join(dir, "dists/bookworm/Release"), "");
    const without = (release: string) => mirrorWithout(declare({ release }), context(`file://${dir}`));
    expect(await without("bookworm")).toBeNull();
    expect(await without("trixxie")).toBe(`file://${dir}`);
    rmSync(dir, { recursive: true });
  });

  it("is no matter where nobody can tell, and a mirror that does not answer is waited for once", async () => {
    await using denied = await serve((_, response) => response.writeHead(401).end());
    await using silent = await serve(() => {});
    const without = (mirror: string) =>
      mirrorWithout(declare({ release: "trixxie" }), { ...context(mirror), ...SHORT });
    expect(await without(denied.origin)).toBeNull();
    expect(await without("http://127.0.0.1:1")).toBeNull();
    expect(await without("http://no-such-host.invalid")).toBeNull();
    expect(await without(silent.origin)).toBeNull();
    expect(await without(`${silent.origin}/again`)).toBeNull();
    expect(silent.asked).toEqual(["/dists/trixxie/InRelease"]);
  });
});

describe("what is declared", () => {
  it("is refused with its field where it would become something else", () => {
    const refused = (bootstrap: Record<string, unknown>, ...field: (string | number)[]) => {
      const expected = { code: "E_BOOTSTRAP_INPUT", at: { field: ["bootstrap", ...field] } };
      expect(() => checkInput(declare(bootstrap)), JSON.stringify(bootstrap)).toThrow(
        expect.objectContaining(expected),
      );
    };
    refused({ release: "--help" }, "release");
    refused({ packages: ["vim", "-o=x"] }, "packages", 1);
    refused({ packages: ["a,b"] }, "packages", 0);
    refused({ cmdline: "quiet\nx" }, "cmdline");
    refused({ users: { "Root;": {} } }, "users", "Root;");
    refused({ users: { a: { ssh_authorized_keys: ["k1\nk2"] } } }, "users", "a", "ssh_authorized_keys", 0);
    expect(() => checkInput(declare({ packages: ["vim=2:9.0", "linux-image-amd64/bookworm"] }))).not.toThrow();
  });

  it("does not show a password's hash when it refuses it", () => {
    expect(() => checkInput(declare({ users: { a: { password_hash: "se:cret" } } }))).toThrow(/^((?!se:cret).)*$/);
  });

  it("brings the packages that its purpose needs", () => {
    expect(packagesOf(declare({ kernel: "none" }))).toEqual([]);
    expect(packagesOf(declare())).toEqual(
      expect.arrayContaining(["linux-image-cloud-amd64", "systemd-sysv", "initramfs-tools"]),
    );
    expect(packagesOf(declare({ packages: ["ifupdown"] }))).not.toContain("systemd-resolved");
    expect(packagesOf(declare({ kernel: "none", users: { a: { sudo: true } } }))).toEqual(["sudo"]);
  });
});

describe("the scripts", () => {
  it("are sound shell, whatever is in the declaration", () => {
    const input = declare({
      hostname: "a.b",
      users: {
        "x.y": { ssh_authorized_keys: ["k '$(touch /tmp/no)' `id`"], sudo: true, groups: ["g"], password_hash: "$6$'" },
      },
    });
    const ids = { root: "r", esp: "ABCD-1234" };
    for (const text of [
      earlyScript(input, ids),
      lateScript(input),
      checkScript(["a"]),
      finishSources({ lines: [], keyrings: ["/a b|.gpg"], ofHost: false }, null),
    ]) {
      expect(() => execFileSync("sh", ["-n"], { input: text })).not.toThrow();
    }
    expect(quote("it's")).toBe("'it'\\''s'");
  });

  it("write what they are told, in place of whatever stands there", () => {
    const dir = mkdtempSync(join(tmpdir(), "guestkit-script-"));
    try {
      const text = "100% 'quoted' $HOME `id` \\n\n";
      execFileSync("sh", ["-eu", "-s", dir], { input: script(put("/a b/c", "old"), put("/a b/c", text, "0640")) });
      expect(readFileSync(join(dir, "a b/c"), "utf8")).toBe(text);
      expect(statSync(join(dir, "a b/c")).mode & 0o777).toBe(0o640);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it("bring the host's keyring into the image and name it there", () => {
    const dir = mkdtempSync(join(tmpdir(), "guestkit-script-"));
    try {
      const key = join(dir, "my+key.gpg");
      const tree = join(dir, "tree");
      writeFileSync(key, "key");
      chmodSync(key, 0o600);
      mkdirSync(join(tree, "etc/apt"), { recursive: true });
      writeFileSync(join(tree, "etc/apt/sources.list"), `deb [signed-by="${key}"] http://m bookworm main\n`);
      execFileSync("sh", ["-eu", "-s", tree], {
        input: finishSources({ lines: [], keyrings: [], ofHost: false }, key),
      });
      expect(readFileSync(join(tree, "etc/apt/sources.list"), "utf8")).toContain(
        '[signed-by="/etc/apt/keyrings/my+key.gpg"]',
      );
      expect(statSync(join(tree, "etc/apt/keyrings/my+key.gpg")).mode & 0o777).toBe(0o644);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

describe("subordinate ids", () => {
  it("are found by name or number, a whole range of them", () => {
    expect(hasIds("root:1:65536\nann:100000:65536\n", 1000, "ann")).toBe(true);
    expect(hasIds("1000:100000:65536\n", 1000, "ann")).toBe(true);
    expect(hasIds("ann:100000:1000\nbob:200000:65536\n", 1000, "ann")).toBe(false);
  });

  it("that are offered are free in both files", () => {
    expect(freeRange(["a:100000:65536\n", "b:165536:65536\n"])).toEqual({ first: 231_072, last: 296_607 });
    expect(freeRange(["", ""])).toEqual({ first: 100_000, last: 165_535 });
  });
});

describe("what apt prints", () => {
  it("becomes steps", () => {
    const seen: Progress[] = [];
    const follow = followProgress((event) => seen.push(event));
    for (const line of [
      "Get:1 http://m bookworm InRelease [151 kB]",
      "0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.",
      "Get:1 http://m bookworm/main amd64 zlib1g amd64 1:1.2 [1 B]",
      "Setting up zlib1g:amd64 (1:1.2) ...",
      "update-initramfs: Generating /boot/initrd.img-6.1",
    ])
      follow(line);
    expect(seen.map((each) => `${each.phase} ${each.done ?? ""}/${each.total ?? ""} ${each.detail}`)).toEqual([
      "downloading packages 1/2 zlib1g",
      "installing packages 1/2 zlib1g:amd64",
      "making the initramfs / /boot/initrd.img-6.1",
    ]);
  });

  it("names the cause of a failure, the most telling one first", async () => {
    const { GuestkitError } = await import("../../../core/kit/errors.ts");
    const plain = new GuestkitError("E_TOOL_FAILED", "Cannot bootstrap: mmdebstrap failed");
    const explain = (...lines: string[]) => {
      const failure = watchFailure(declare({ packages: ["vim", "nope"] }));
      for (const line of lines) failure.line(line);
      return failure.explain(plain);
    };
    expect(explain("all is well")).toBe(plain);
    expect(explain("E: Unable to locate package nope")).toMatchObject({
      code: "E_BOOTSTRAP_PACKAGE",
      at: { field: ["bootstrap", "packages", 1] },
    });
    const fetch = "E: Failed to fetch http://m/InRelease  Could not connect";
    expect(explain(fetch)).toMatchObject({ code: "E_BOOTSTRAP_MIRROR" });
    expect(explain(fetch, "W: GPG error: http://m NO_PUBKEY 0123")).toMatchObject({ code: "E_BOOTSTRAP_KEYRING" });
  });
});

it("takes names and passwords out of apt's sources, into what apt logs in by", () => {
  const { sources, logins } = partLogins([
    "deb [signed-by=/k] https://me:wo%3Ard@h:8/debian bookworm main",
    "deb http://tok@h/x sid main",
    "deb http://h/y sid main",
  ]);
  expect(sources).toEqual([
    "deb [signed-by=/k] https://h:8/debian bookworm main",
    "deb http://h/x sid main",
    "deb http://h/y sid main",
  ]);
  expect(logins).toEqual(["machine h:8/debian login me password wo:rd", "machine http://h/x login tok"]);
});
