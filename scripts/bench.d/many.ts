import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Build, builds, foldersAt } from "./builds.ts";
import type { Case } from "./cases.ts";
import type { Command } from "./measure.ts";

const IMAGES = 300;
const MACHINES = 50;

type Resources = Readonly<Record<string, Readonly<Record<string, object>>>>;

const images = (count: number): Resources => {
  const names = Array.from({ length: count }, (_, at) => `i${at}`);
  return { disk_image: Object.fromEntries(names.map((name) => [name, { path: `./${name}.qcow2`, size: "64M" }])) };
};

/** Machines that stand still, with two images each. */
const machines = (count: number): Resources => {
  const names = Array.from({ length: count }, (_, at) => `m${at}`);
  const disks = (name: string) => ["r", "d"].map((kind) => `${kind}${name}`);
  const machine = (name: string) => {
    const [root, data] = disks(name).map((image) => `\${disk_image.${image}.id}`);
    return {
      name,
      running: false,
      preflight: "off",
      networks: {},
      disks: { root: { image: root, overlay: true }, data: { image: data } },
    };
  };
  return {
    disk_image: Object.fromEntries(
      names.flatMap(disks).map((name) => [name, { path: `./${name}.qcow2`, size: "16M" }]),
    ),
    virtual_machine: Object.fromEntries(names.map((name) => [name, machine(name)])),
  };
};

/** Projects of a build's own, so that neither finds what the other one made. */
class Place {
  readonly #folder: string;
  readonly build: Build;

  constructor(folder: string, build: Build) {
    this.#folder = join(folder, build.name);
    this.build = build;
  }

  async #project(name: string, resources: Resources): Promise<string> {
    const at = join(this.#folder, name);
    await mkdir(at, { recursive: true });
    await writeFile(join(at, "guestkit.yaml"), JSON.stringify({ version: 1, resources }));
    return at;
  }

  /** A verb in a project; `prepare` is what the measure does before each run, uncounted. */
  async command(title: string, project: string, resources: Resources, verb: string, prepare: string): Promise<Command> {
    const at = await this.#project(project, resources);
    const call = (args: string) => `cd ${at} && ${process.execPath} ${this.build.command} ${args} >/dev/null 2>&1`;
    const env = foldersAt(at);
    return {
      name: `${this.build.name}${title}`,
      shell: call(verb),
      prepare: call(prepare),
      runs: this.build.runs,
      env,
    };
  }
}

const APPLY = "apply --auto-approve";
const DESTROY = "destroy --auto-approve";

/** Cases over many things, of this build and the one before; dispose to remove what was made for them. */
export async function manyCases(): Promise<{ readonly cases: readonly Case[]; readonly close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "guestkit-bench-many-"));
  const places = builds().map((build) => new Place(folder, build));
  const row = async (
    title: string,
    aim: string,
    make: (place: Place) => readonly Promise<Command>[],
  ): Promise<Case> => {
    const [ours, ...peers] = (await Promise.all(places.map((place) => Promise.all(make(place))))).flat();
    return { title: `many: ${title}`, aim, ours: ours as Command, peers };
  };
  const cases = [
    await row(
      `plan of ${IMAGES} images`,
      "at most 0.5 times the build before, and 3 ms an image beyond one",
      (place) => [
        place.command("", "images", images(IMAGES), "plan", APPLY),
        place.command(", one image", "image", images(1), "plan", APPLY),
      ],
    ),
    await row(`apply of ${MACHINES} machines with two images each`, "at most 0.6 times the build before", (place) => [
      place.command("", "apply", machines(MACHINES), APPLY, DESTROY),
    ]),
    await row(
      `destroy of ${MACHINES} such, and of twice as many`,
      "at most 0.15 times the build before; twice as many at most 2.3 times",
      (place) => [
        place.command("", "destroy", machines(MACHINES), DESTROY, APPLY),
        ...(place.build.isOurs
          ? [place.command(", twice as many", "twice", machines(2 * MACHINES), DESTROY, APPLY)]
          : []),
      ],
    ),
  ];
  return { cases, close: () => rm(folder, { recursive: true, force: true }) };
}
