import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { ValueObject } from "../../../core/model/value.ts";
import type { MachineHost } from "../../support/machine-host.ts";
import { ROOT_UUID } from "../../support/micro-guest/disk.ts";
import { type MicroGuest, microGuest } from "../../support/micro-guest/index.ts";
import { run as execute } from "../../support/run.ts";
import type { Declared, Driver, Subject } from "./driver.ts";
import { refused, says, succeeds } from "./outcome.ts";

/** A machine, and the way into it. */
export const machineSubject: Subject = {
  contract: "virtual_machine",
  queries: {},
  outputs: Object.fromEntries(
    ["pid", "status", "ssh_command", "forwards", "console_log"].map((name) => [name, `\${virtual_machine.it.${name}}`]),
  ),
};

interface Outputs {
  readonly pid: number;
  readonly status: string;
  readonly ssh_command: string;
  readonly forwards: readonly { readonly name: string; readonly host_port: number }[];
  readonly console_log: string;
}

const NAME = "web";
const SSH = { ssh: { guest_port: 22 } };
const networks = (forwards: ValueObject): ValueObject => ({ lan: { forwards } });

interface Things {
  readonly image: ValueObject;
  readonly machine: ValueObject;
}

/**
 * A machine on an image that the same apply lays over the micro guest's disk, told everything by cloud-init. Its
 * kernel is started directly, which saves seconds where the processor is emulated.
 */
function declaration(guest: MicroGuest, disk: string): Things {
  const { kernel, initrd, cmdline } = guest;
  return {
    image: { path: disk, backing_file: guest.imageBios },
    machine: {
      name: NAME,
      memory: "384M",
      ...{ kernel, initrd, cmdline: `${cmdline} root=UUID=${ROOT_UUID}` },
      disks: { root: { image: "${disk_image.it.id}" } },
      networks: networks(SSH),
      cloud_init: {
        users: { admin: { ssh_authorized_keys: [guest.sshPublicKey], sudo: true } },
        write_files: [{ path: "/root/greeting", content: "As declared.\n" }],
        // The plug is pulled soon: what the guest has not written by then is lost.
        runcmd: ["cp /root/greeting /root/ran", "sync"],
      },
      wait_for: [{ condition: "ssh" }, { condition: "cloud_init" }],
      timeouts: { stop: 5, quit: 20 },
    },
  };
}

/** One engine over one host, with the declaration that is changed step by step. */
class Scene {
  readonly driver: Driver;
  readonly host: MachineHost;
  readonly image: ValueObject;

  constructor(driver: Driver, host: MachineHost, image: ValueObject) {
    this.driver = driver;
    this.host = host;
    this.image = image;
  }

  plan = (machine: ValueObject) => this.driver.plan(this.#with(machine));
  apply = (machine: ValueObject) => this.driver.apply(this.#with(machine));
  adopt = (machine: ValueObject) => this.driver.adopt(this.#with(machine), NAME);
  remove = () => this.driver.apply(null);
  outputs = async () => (await this.driver.outputs()) as unknown as Outputs;
  vm = (verb: string) => this.host.text(["vm", verb, NAME]);
  /** Of queries alone: a plan would print it line by line. */
  commandLine = async () => (await this.host.json<{ command_line: string[] }>(["vm", "status", NAME])).command_line;

  #with(machine: ValueObject): Declared {
    return { disk_image: this.image, virtual_machine: machine };
  }
}

/** The acceptance scenario of `virtual_machine`, the same for every engine. */
export async function machineScenario(driver: Driver, host: MachineHost): Promise<void> {
  const { image, machine } = declaration(await microGuest(), `${host.folder}/root.qcow2`);
  const scene = new Scene(driver, host, image);
  await seedThatFails(scene, machine);

  succeeds(await scene.apply(machine), "create");
  expect(await overSsh(await scene.outputs(), "sudo cat /root/ran; hostname")).toBe(`As declared.\n${NAME}\n`);
  succeeds(await scene.plan(machine), "none");

  const forwarded = await forwardEdited(scene, machine);
  await seenFromBehind(scene, forwarded);
  await protectedAndAdopted(scene, forwarded);

  succeeds(await scene.remove(), "delete");
  expect(await remains(host)).toEqual([]);
}

/** What is left of the machine, but for the folders that every machine lies in. */
async function remains(host: MachineHost): Promise<readonly string[]> {
  const { processes, files } = await host.remains();
  return [...processes, ...files.filter((each) => !["machines", "progress"].includes(each))];
}

/** cloud-init's own words end the apply; the machine stays for a look, until it is removed. */
async function seedThatFails(scene: Scene, machine: ValueObject): Promise<void> {
  const cloudInit = { ...(machine.cloud_init as ValueObject), runcmd: ["echo no such depot >&2; exit 3"] };
  const failed = refused(await scene.apply({ ...machine, cloud_init: cloudInit }), "no such depot");
  says(failed, "scripts-user");
  expect((await scene.host.remains()).processes.length).toBe(1);
  succeeds(await scene.remove(), "delete");
  expect(await remains(scene.host)).toEqual([]);
}

async function forwardEdited(scene: Scene, machine: ValueObject): Promise<ValueObject> {
  const { pid } = await scene.outputs();
  const changed = { ...machine, networks: networks({ ...SSH, web: { guest_port: 8080 } }) };
  says(succeeds(await scene.plan(changed), "update"), "forwards");
  succeeds(await scene.apply(changed), "update");
  const { forwards, ...after } = await scene.outputs();
  expect(after.pid).toBe(pid);
  const port = forwards.find(({ name }) => name === "web")?.host_port;
  expect(await execute("ss", ["-Hltnp", `sport = ${port}`])).toContain(`pid=${pid}`);
  succeeds(await scene.plan(changed), "none");
  return changed;
}

/** What is done to the machine by hand is seen, and mended. */
async function seenFromBehind(scene: Scene, machine: ValueObject): Promise<void> {
  const { pid } = await scene.outputs();
  const command = await scene.commandLine();
  process.kill(pid, "SIGKILL");
  await ended(pid);
  says(succeeds(await scene.plan(machine), "update"), "running");

  const other = startByHand(command, 512);
  await untilRunning(scene);
  says(succeeds(await scene.plan(machine), "update"), "memory");

  const larger = { ...machine, memory: "448M" };
  says(succeeds(await scene.plan(larger), "update"), "will be restarted");
  succeeds(await scene.apply(larger), "update");
  await ended(other);
  const restarted = await scene.outputs();
  expect(await scene.commandLine()).toContain(memoryOf(448));
  expect(await overSsh(restarted, "hostname")).toBe(`${NAME}\n`);
  succeeds(await scene.plan(larger), "none");

  await scene.vm("stop");
  says(succeeds(await scene.plan(machine), "update"), "running");
  succeeds(await scene.apply(machine), "update");
  expect((await scene.outputs()).status).toBe("running");
  succeeds(await scene.plan(machine), "none");
}

/** A QEMU that was started by hand has nobody who waits for it. */
async function untilRunning({ host }: Scene): Promise<void> {
  await expect.poll(() => host.text(["vm", "status", NAME])).toMatch(/^status:\s+running$/m);
}

/** Whatever refuses and whatever takes over leaves the running machine alone. */
async function protectedAndAdopted(scene: Scene, machine: ValueObject): Promise<void> {
  const { pid } = await scene.outputs();
  const locked = { ...machine, delete_protection: true };
  succeeds(await scene.apply(locked), "update");
  refused(await scene.remove(), "delete_protection");
  succeeds(await scene.adopt(locked), "none");
  succeeds(await scene.apply(machine), "update");
  const after = await scene.outputs();
  expect([after.pid, after.status]).toEqual([pid, "running"]);
}

/** The command as a user would paste it. */
async function overSsh({ ssh_command }: Outputs, command: string): Promise<string> {
  return execute("sh", ["-c", `${ssh_command} "$1"`, "sh", command]);
}

const memoryOf = (mib: number) => `size=${mib << 20}B`;

/** Starts QEMU with its own command line but for the memory; gives its process. */
function startByHand([program = "", ...args]: readonly string[], mib: number): number {
  const changed = args.map((each, at) => (args[at - 1] === "-m" ? memoryOf(mib) : each));
  const child = spawn(program, changed, { detached: true, stdio: "ignore" });
  child.unref();
  return child.pid ?? 0;
}

async function ended(pid: number): Promise<void> {
  for (let at = 0; at < 200 && isThere(pid); at++) await sleep(50);
  expect(isThere(pid)).toBe(false);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
