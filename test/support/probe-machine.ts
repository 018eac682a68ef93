import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Engine, type PlanContext, problem, type ResourceImplementation } from "../../core/engine/index.ts";
import type { Settings } from "../../core/kit/context.ts";
import { compile } from "../../core/model/compile.ts";
import {
  adopts,
  byteSize,
  changesWith,
  growOnly,
  hostPath,
  immutable,
  keep,
  keyedBy,
  resource,
  restart,
  writeOnly,
} from "../../core/model/declare.ts";
import { isObject, type ValueObject } from "../../core/model/value.ts";

const network = z.object({
  kind: z.enum(["user", "bridge"]).default("user").describe("Kind."),
  mac: z.string().optional().meta(adopts).describe("Address, chosen where left out."),
  password: z.string().optional().meta(writeOnly).describe("A secret."),
  forwards: z
    .array(
      z.object({
        guest_port: z.int().describe("In the guest."),
        host_port: z.int().optional().meta(adopts).describe("On the host, a free one where left out."),
      }),
    )
    .default([])
    .describe("Ports."),
});

/** A thing that is no file, with everything that machines need of the engine and of the faces. */
export const probeMachine = compile(
  resource({
    name: "probe_machine",
    since: "0.1.0",
    summary: "A machine of a test.",
    description: "It exists in a folder alone.",
    identity: ["name"],
    input: z.object({
      name: z.string().meta(immutable).describe("Name."),
      cpus: z.int().default(1).meta(restart).describe("Processors."),
      memory: byteSize().default("512M").meta(restart).describe("Memory."),
      firmware: z
        .object({
          kind: z.enum(["bios", "uefi"]).optional().meta(adopts).describe("Kind."),
          variables: hostPath().optional().meta(adopts).describe("Variables."),
        })
        .default({})
        .describe("Firmware."),
      networks: z.record(z.string(), network).default({}).describe("Networks."),
      disks: z
        .record(
          z.string(),
          z.object({
            image: hostPath().describe("Image."),
            size: byteSize().optional().meta(growOnly).describe("Size."),
          }),
        )
        .default({})
        .meta(keep)
        .describe("Disks."),
      shares: z
        .array(
          z.object({
            name: z.string().describe("Name."),
            tag: z.string().optional().meta(adopts).describe("Tag."),
          }),
        )
        .default([])
        .meta(keyedBy("name"))
        .describe("Shares."),
      running: z.boolean().default(true).describe("Whether it runs."),
    }),
    listing: z.object({}),
    output: z.object({
      status: z.string().meta(changesWith("running")).describe("How it is."),
      port: z.int().meta(changesWith("networks")).describe("Port."),
    }),
    examples: [{ title: "One", input: { name: "web" } }],
  }),
);

/** What the world chose for a declaration. */
function settled(input: ValueObject): ValueObject {
  const networks = Object.entries(input.networks as ValueObject).map(([name, each], at) => {
    const value = each as ValueObject & { forwards: readonly ValueObject[] };
    const forwards = value.forwards.map((forward, port) => ({
      ...forward,
      host_port: forward.host_port ?? 4000 + port,
    }));
    return [name, { ...value, mac: value.mac ?? `52:54:00:00:00:0${at}`, password: null, forwards }];
  });
  const shares = (input.shares as readonly ValueObject[]).map(
    (each): ValueObject => ({
      ...each,
      tag: each.tag ?? `tag-${String(each.name)}`,
    }),
  );
  const firmware = { kind: "bios", variables: "/chosen", ...withoutNulls(input.firmware as ValueObject) };
  return { ...input, firmware, networks: Object.fromEntries(networks), shares };
}

const withoutNulls = (value: ValueObject) =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null));

const folderOf = (id: string, settings: Pick<Settings, "dataDir">) => join(settings.dataDir, "machines", id);

/** Machines are folders with a file in it. `asked` sees what a preflight is told of images. */
export function probeImplementation(asked: (declared: ValueObject | null) => void = () => {}): ResourceImplementation {
  const write = async (id: string, input: ValueObject, { settings }: { settings: Settings }) => {
    await mkdir(folderOf(id, settings), { recursive: true });
    await writeFile(join(folderOf(id, settings), "machine.json"), JSON.stringify(settled(input)));
  };
  return {
    place: folderOf,
    isOurs: async (id, { settings }) => !(await readdir(folderOf(id, settings))).includes("foreign"),
    list: async (_, { settings }) => await readdir(join(settings.dataDir, "machines")).catch(() => []),
    observe: async (id, { settings }) => {
      const text = await readFile(join(folderOf(id, settings), "machine.json"), "utf8").catch(() => null);
      if (text === null) return null;
      const input = JSON.parse(text) as ValueObject;
      return { input, output: { status: input.running ? "running" : "stopped", port: 4000 } };
    },
    preflight: async (_plan, input, context: PlanContext) =>
      Object.entries((input?.disks ?? {}) as ValueObject).flatMap(([key, disk]) => {
        if (!isObject(disk)) return [];
        const declared = context.declared("disk_image", String(disk.image));
        asked(declared);
        const missing = !declared && String(disk.image).includes("missing");
        return missing ? [problem("E_PROBE", ["disks", key, "image"], "Cannot boot: there is no image")] : [];
      }),
    create: (input, _options, context) => write(String(input.name), input, context),
    update: (id, input, _changes, context) => write(id, input, context),
    remove: (id, { settings }) => rm(folderOf(id, settings), { recursive: true }),
  };
}

/** An engine over probe machines, and over images that are never there. */
export function probeEngine(folder: string, implementation = probeImplementation()): Engine {
  const image: ResourceImplementation = {
    observe: async () => null,
    create: async () => {},
    update: async () => {},
    remove: async () => {},
  };
  const resources = { probe_machine: async () => implementation, disk_image: async () => image };
  const settings = { dataDir: folder, cacheDir: folder, runtimeDir: folder };
  return new Engine({ implementations: { resources, queries: {}, actions: {} }, settings, baseDir: folder });
}
