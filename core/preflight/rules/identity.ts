import type { Fault, Rule } from "../rule.ts";
import type { OtherMachine, Subject } from "../subject.ts";
import { cloudInitRuns } from "./first-boot.ts";
import { cannot, image, imagePath } from "./words.ts";

export const machineIdShared: Rule = {
  code: "P_MACHINE_ID_SHARED",
  severity: "warning",
  summary: "Another machine over the same base has the same machine-id.",
  explanation:
    "DHCP servers tell clients by it (systemd-networkd), and so does journald: two machines get one address. Looked at: /etc/machine-id of the base, and this user's other machines with an overlay over it.",
  help: "Empty /etc/machine-id in the image (it is made anew at the first boot): disk_image.files with that path and no content.",
  check: (subject) => {
    const id = subject.system?.machineId ?? null;
    return id === null ? [] : shared(subject, `/etc/machine-id of ${image(subject)} is ${id}`);
  },
};

export const hostKeysShared: Rule = {
  code: "P_HOST_KEYS_SHARED",
  severity: "warning",
  summary: "Another machine over the same base has the same SSH host keys.",
  explanation:
    "Whoever has one machine's key can pass for the other. cloud-init makes new ones where it runs; silent then.",
  help: "Remove /etc/ssh/ssh_host_* from the image and have them made at the first boot, or declare cloud_init.",
  check: (subject) => {
    const [first] = subject.system?.ssh?.hostKeys ?? [];
    return first === undefined || cloudInitRuns(subject) !== false
      ? []
      : shared(subject, `${image(subject)} has SSH host keys (${first})`);
  },
};

function shared(subject: Subject, what: string): readonly Fault[] {
  const { boot, others, made } = subject;
  if (!boot?.disk.overlay || made) return [];
  const same = others.find((other) => sharesBase(other, boot.disk.image));
  if (!same) return [];
  return [
    {
      message: cannot(subject, `${what}, and machine "${same.name}" has them too`, "tell apart"),
      path: imagePath(subject),
    },
  ];
}

const sharesBase = ({ disks }: OtherMachine, image: string) =>
  disks.some((each) => each.overlay && each.image === image);
