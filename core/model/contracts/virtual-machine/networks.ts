import { z } from "zod";
import { claims, hostPath, spelled } from "../../declare.ts";

const forward = z.object({
  guest_port: z.int().min(1).max(65535).describe("Port in the guest."),
  host_port: z
    .int()
    .min(0)
    .max(65535)
    .default(0)
    .meta(claims("port"))
    .describe("Port on the host; 0 picks a free one, which is kept and shown in forwards."),
  host_address: z
    .string()
    .meta(spelled("ip"))
    .default("127.0.0.1")
    .describe("Address on the host that is listened on."),
  protocol: z.enum(["tcp", "udp"]).default("tcp").describe("Transport of the forward."),
});

export const network = z.object({
  kind: z
    .enum(["user", "passt", "bridge", "tap", "link", "socket", "stream"])
    .default("user")
    .describe(
      "user: QEMU's own NAT without privileges; passt: the same by passt; bridge and tap: the host's; link: a private cable to one other machine of this user; socket: a multicast group that any machine of this host may join; stream: a cable over a socket of your own.",
    ),
  model: z
    .enum(["virtio-net-pci", "e1000", "e1000e", "rtl8139"])
    .default("virtio-net-pci")
    .describe("Network card that the guest sees."),
  mac: z
    .string()
    .regex(
      /^[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}$|^[0-9a-fA-F]{4}([.][0-9a-fA-F]{4}){2}$/,
      "six pairs of hexadecimal digits: 52:54:00:12:34:56",
    )
    .optional()
    .meta(spelled("mac"))
    .describe(
      "Hardware address (52:54:00:12:34:56); made from the machine's and the network's name where left out, so that it never changes.",
    ),
  addresses: z
    .array(z.string().meta(spelled("ip")))
    .default([])
    .describe(
      "Static addresses with prefix length (10.0.0.2/24), given to the guest by cloud-init; DHCP where empty. On a link one is chosen for each side where empty.",
    ),
  forwards: z
    .record(z.string(), forward)
    .default({})
    .meta({ policy: "live" })
    .describe("Ports of the host that lead into the guest, by name (user and passt)."),
  isolated: z
    .boolean()
    .default(false)
    .describe("The guest reaches neither the host nor the outside; forwards still lead in (user)."),
  bridge: z
    .string()
    .min(1)
    .max(15)
    .optional()
    .describe("Name of the host's bridge (bridge), through QEMU's bridge helper."),
  tap: z.string().min(1).max(15).optional().meta(claims("tap")).describe("Name of a tap device that exists (tap)."),
  peer: z
    .string()
    .optional()
    .describe(
      "Name of the machine at the other end (link), which names this one in turn; order of starts does not matter.",
    ),
  group: z
    .string()
    .optional()
    .describe("Multicast address and port (socket): 230.0.0.1:1234; bound to the loopback device."),
  path: hostPath().optional().describe("Unix socket (stream)."),
  listen: z.boolean().default(false).describe("This side waits for the other one to connect (stream)."),
});
