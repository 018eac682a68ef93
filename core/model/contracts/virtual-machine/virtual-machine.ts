import { z } from "zod";
import { resource } from "../../declare.ts";
import { machineFields } from "./fields.ts";
import { machineState } from "./state.ts";

export const virtualMachine = resource({
  name: "virtual_machine",
  since: "0.2.0",
  summary: "A QEMU virtual machine, without root and without a daemon.",
  description:
    "Makes, starts and keeps a machine on QEMU alone. The plan reads the image that is to boot and refuses what cannot come up; the apply ends when the machine is truthfully ready. What can be changed in place is; what needs a restart is announced. The machine outlives the program that started it, and is seen again by what QEMU itself says.",
  identity: ["name"],
  reachable: {
    host: "ssh_host",
    port: "ssh_port",
    user: "ssh_user",
    key: "ssh_key_file",
    knownHosts: "ssh_known_hosts",
    config: "ssh_config",
    command: "ssh_command",
    groups: ["labels", "status"],
  },
  input: z.object(machineFields),
  output: z.object(machineState),
  listing: z.object({}),
  examples: [
    {
      title: "A Debian machine with cloud-init",
      input: {
        name: "web",
        cpus: 2,
        memory: "2G",
        disks: { root: { image: "debian.qcow2", overlay: true, size: "20G" } },
        cloud_init: {
          users: { admin: { ssh_authorized_keys: ["ssh-ed25519 AAAA... me@host"], sudo: true } },
          packages: ["nginx"],
        },
        networks: { lan: { forwards: { ssh: { guest_port: 22 }, http: { guest_port: 80, host_port: 8080 } } } },
      },
    },
    {
      title: "A machine that starts anew from another one's disks, and keeps /home",
      input: {
        name: "work",
        template_vm: "debian",
        shares: { home: { path: "./home", mount: "/home" } },
        startup_commands: ["systemctl start my-app"],
      },
    },
    {
      title: "Two machines on a private link",
      input: {
        name: "db",
        disks: { root: { image: "debian.qcow2", overlay: true } },
        networks: { uplink: {}, backend: { kind: "link", peer: "web" } },
      },
    },
  ],
});
