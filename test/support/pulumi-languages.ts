import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { findFurtherEngine } from "./engines.ts";
import { run } from "./run.ts";

/** What a program in one of Pulumi's languages needs, beside Pulumi itself. */
export interface Language {
  /** Its folder in examples/pulumi-native. */
  readonly name: string;
  /** Puts the SDK, out of a release, into a project's folder, without the network. */
  readonly install: (folder: string, release: string) => Promise<void>;
  /** Environment of Pulumi; PATH is what goes in front. */
  readonly env: (folder: string) => Readonly<Record<string, string>>;
}

const typescript: Language = {
  name: "typescript",
  install: async (folder, release) => {
    const place = join(folder, "node_modules/@guestkit/pulumi-native");
    await unpack(join(release, "guestkit-pulumi-native-0.1.0.tgz"), place);
  },
  env: () => ({}),
};

/** The others that are there, by the folder that `pulumi-languages` of `npm run engines:all` has made. */
export function languages(): readonly Language[] {
  const host = findFurtherEngine("pulumi-language-python");
  return host === null ? [typescript] : [typescript, ...[python, go, yaml].map((each) => each(dirname(host)))];
}

const python = (home: string): Language => ({
  name: "python",
  install: async (folder, release) => {
    const offline = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation"];
    const from = join(release, "pulumi_guestkit-0.1.0.tar.gz");
    await run(join(home, "python/bin/pip"), ["install", ...offline, "--target", join(folder, "packages"), from]);
  },
  env: (folder) => ({ PATH: `${join(home, "python/bin")}:${home}`, PYTHONPATH: join(folder, "packages") }),
});

/** The example's module, with what the recipe has of Pulumi's in place of what `go mod tidy` downloads. */
const go = (home: string): Language => ({
  name: "go",
  install: async (folder, release) => {
    await unpack(join(release, "pulumi-guestkit-go-0.1.0.tar.gz"), join(folder, "sdk"));
    const [own, prepared] = await Promise.all([folder, home].map((each) => readFile(join(each, "go.mod"), "utf8")));
    const required = String(prepared).replace(/^(module|go) .*\n/gm, "");
    await writeFile(join(folder, "go.mod"), `${own}\n${required}`);
    await cp(join(home, "go.sum"), join(folder, "go.sum"));
  },
  env: () => ({
    PATH: `${home}:/usr/local/go/bin`,
    ...{ GOFLAGS: "-mod=mod -trimpath -modcacherw -buildvcs=false", CGO_ENABLED: "0" },
    ...{ GOMODCACHE: join(home, "go-mod"), GOCACHE: join(home, "go-build"), GOPROXY: "off", GOTOOLCHAIN: "local" },
  }),
});

const yaml = (home: string): Language => ({ name: "yaml", install: async () => {}, env: () => ({ PATH: home }) });

async function unpack(archive: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await run("tar", ["-xzf", archive, "-C", folder, "--strip-components", "1"]);
}
