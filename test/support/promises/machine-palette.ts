import { join } from "node:path";
import type { Value } from "../../../core/model/index.ts";
import { cloudInitPalette } from "./cloud-init-palette.ts";
import type { Ground } from "./ground.ts";
import type { Palette } from "./palette.ts";

const GUEST = "runs in the guest, for which every start would be waited for";
const HOST = "needs a network of the host's, or another machine";

/** Machines of the micro guest, which is seldom waited for. */
export function machinePalette({ folder, guest }: Ground): Palette {
  const at = (name: string) => join(folder, name);
  const { kernel, initrd, cmdline } = guest;
  const timeouts = { stop: 0, quit: 10 };
  const cloudInit = cloudInitPalette("cloud_init.");
  const values: Record<string, readonly Value[]> = {
    ...cloudInit.values,
    cpus: [1, 2],
    memory: ["256M", 268_435_456, "272M"],
    balloon: ["128M", "192M"],
    // The micro guest's kernel is entered without one.
    firmware: ["bios"],
    cpu_model: ["max", "qemu64"],
    kernel: [kernel],
    initrd: [initrd],
    cmdline: [cmdline, `${cmdline} quiet`],
    "disks.*.image": [at("first.qcow2"), `${folder}//./second.qcow2`],
    "disks.*.format": ["qcow2"],
    "disks.*.size": ["64M", "65536K", "96M"],
    "disks.*.boot_order": [1, 2],
    "disks.*.serial": ["one", "two"],
    base: [at("base.qcow2")],
    "cdroms.*.image": [at("one.iso"), at("two.iso")],
    "cdroms.*.boot_order": [3],
    "networks.*.kind": ["user"],
    "networks.*.mac": ["52:54:00:aa:bb:01", "52:54:00:AA:BB:02"],
    "networks.*.addresses": [[], ["10.0.2.20/24"]],
    "networks.*.forwards.*.guest_port": [22, 80],
    "networks.*.forwards.*.host_port": [0],
    "networks.*.forwards.*.host_address": ["127.0.0.1"],
    "graphics.kind": ["none", "vnc"],
    "graphics.listen": ["127.0.0.1"],
    "graphics.password": ["hidden"],
    "graphics.password_version": [1, 2],
    "ssh.user": ["root", "admin"],
    "ssh.port": [22, 80],
    "ssh.private_key": [at("key")],
    "ssh.network": ["a"],
    upgrade_command: ["true"],
    wait_for: [[], [], [{ condition: "agent", timeout: 240 }]],
    console_log_size: ["1M", "2M"],
    "labels.*": ["x", "y"],
    extra_args: [[], ["-no-user-config"]],
    preflight_rules: [{}],
    timeouts: [timeouts, { ...timeouts, start: 90 }],
  };
  const leftOut = {
    name: "its identity: another is another thing",
    template_vm: HOST,
    shares: GUEST,
    provision: GUEST,
    provision_always: GUEST,
    startup_commands: GUEST,
    shutdown_commands: GUEST,
    "disks.*.sector_size": "goes by what the image's table counts in",
    autostart: "needs a systemd of the user's",
    secure_boot: "refuses a kernel that is started directly",
    "networks.*.bridge": HOST,
    "networks.*.tap": HOST,
    "networks.*.peer": HOST,
    "networks.*.group": HOST,
    "networks.*.path": HOST,
    "networks.*.listen": HOST,
    "graphics.port": "the host may have given it away",
  };
  const start = {
    ...{ name: "walker", memory: "256M", kernel, initrd, cmdline, timeouts, wait_for: [], running: false },
    disks: { root: { image: at("first.qcow2"), overlay: true } },
  };
  const always = ["memory", "kernel", "initrd", "cmdline", "timeouts", "wait_for"];
  const often = ["running", "disks", "networks", "memory", "ssh"];
  return { contract: "virtual_machine", start, values, leftOut, always, often };
}
