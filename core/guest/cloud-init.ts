import type { Tree } from "../filesystem/tree.ts";
import { nameIn } from "../kit/path.ts";
import { flowList, plain, type YamlLine, yamlLines } from "./yaml.ts";

/** How cloud-init is set up in a system, beside whether it is there (agents.ts). */
export interface CloudInitConfig {
  /** The file that keeps it from starting: `/etc/cloud/cloud-init.disabled`; null where none does. */
  readonly disabledBy: string | null;
  /** Data sources that it may look for; null where nothing names them (then all). */
  readonly datasources: readonly string[] | null;
  /** The file that names them. */
  readonly datasourcesIn: string | null;
  /** Instance that it ran for already; null where it never ran here. */
  readonly instanceId: string | null;
  /** The instance stays what it was, whatever the data source says (manual_cache_clean). */
  readonly keepsInstance: boolean;
  /** The user that it makes where nothing else is said; null where none is configured. */
  readonly defaultUser: string | null;
  /** root's keys only tell whom to log in as (disable_root, which is true where nothing is said). */
  readonly disablesRoot: boolean;
  /** Renderers that its configuration allows; null where it does not say (then all). */
  readonly renderers: readonly string[] | null;
  /** It leaves the network alone (network: {config: disabled}). */
  readonly leavesNetwork: boolean;
}

const MAIN = "/etc/cloud/cloud.cfg";
const FOLDER = "/etc/cloud/cloud.cfg.d";
/** More than any system has; the last ones count. */
const MAX_FILES = 200;
const IDENTIFY = "/etc/cloud/ds-identify.cfg";

/** cloud-init's own configuration; later files of cloud.cfg.d stand above earlier ones. */
export async function readCloudInitConfig(tree: Tree): Promise<CloudInitConfig> {
  const files = await configFiles(tree);
  const last = <T>(read: (file: ConfigFile) => T | null) =>
    files.map((file) => ({ path: file.path, value: read(file) })).findLast(({ value }) => value !== null) ?? null;
  const datasources = last(({ lines }) => listAt(lines, ["datasource_list"]));
  const scalar = (...keys: string[]) => last(({ lines }) => valueAt(lines, keys))?.value ?? null;
  return {
    disabledBy: await disabledBy(tree),
    datasources: datasources?.value ?? null,
    datasourcesIn: datasources?.path ?? null,
    instanceId: await instanceId(tree),
    keepsInstance: isTrue(scalar("manual_cache_clean")),
    defaultUser: scalar("system_info", "default_user", "name"),
    disablesRoot: isTrue(scalar("disable_root") ?? "true"),
    renderers: last(({ lines }) => listAt(lines, ["system_info", "network", "renderers"]))?.value ?? null,
    leavesNetwork: scalar("network", "config") === "disabled",
  };
}

interface ConfigFile {
  readonly path: string;
  readonly lines: readonly YamlLine[];
}

async function configFiles(tree: Tree): Promise<readonly ConfigFile[]> {
  const names = (await tree.names(FOLDER)).filter((name) => name.endsWith(".cfg")).slice(-MAX_FILES);
  const found: ConfigFile[] = [];
  for (const path of [MAIN, ...names.map((name) => `${FOLDER}/${name}`)]) {
    const text = await tree.readText(path);
    if (text !== null) found.push({ path, lines: [...yamlLines(text)] });
  }
  return found;
}

/** The generator starts nothing where the file is there, or where ds-identify is told to. */
async function disabledBy(tree: Tree): Promise<string | null> {
  const file = "/etc/cloud/cloud-init.disabled";
  if (await tree.resolve(file)) return (await tree.resolve("/etc/cloud/cloud-init.enabled")) ? null : file;
  const policy = valueAt([...yamlLines((await tree.readText(IDENTIFY)) ?? "")], ["policy"]);
  return policy?.split(",")[0] === "disabled" ? IDENTIFY : null;
}

function listAt(lines: readonly YamlLine[], keys: readonly string[]): readonly string[] | null {
  const items = lines.filter((line) => same(line.keys, keys) && line.value !== "");
  if (items.length === 0) return null;
  return items.flatMap(({ value }) => (value.startsWith("[") ? flowList(value) : [plain(value)]));
}

function valueAt(lines: readonly YamlLine[], keys: readonly string[]): string | null {
  const found = lines.findLast((line) => same(line.keys, keys));
  return found?.value || null;
}

const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((key, at) => key === b[at]);
const isTrue = (value: string | null) => /^(?:true|yes|on|1)$/i.test(value ?? "");

/** What the last boot wrote; in an image that was cleaned before it was copied there is none. */
async function instanceId(tree: Tree): Promise<string | null> {
  const link = await tree.readLink("/var/lib/cloud/instance");
  if (link) return nameIn(link) || null;
  return (await tree.readText("/var/lib/cloud/data/instance-id"))?.trim() || null;
}
