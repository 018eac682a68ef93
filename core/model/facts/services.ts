import { z } from "zod";

const STATES = [
  ...(["enabled", "enabled-runtime", "linked", "linked-runtime", "alias", "masked", "masked-runtime"] as const),
  ...(["static", "indirect", "disabled", "generated", "transient", "bad"] as const),
] as const;

export const servicesReport = z.array(
  z.object({
    name: z.string().describe("Unit or script: ssh.service, getty@tty1.service, sshd."),
    kind: z.enum(["systemd", "sysv", "openrc", "runit"]).describe("Whose it is."),
    state: z.enum(STATES).describe("As systemctl is-enabled says it; scripts are enabled or disabled."),
    preset: z
      .enum(["enabled", "disabled"])
      .nullable()
      .describe("What presets say; null where there is nothing to enable."),
    wanted_by: z.array(z.string()).describe("What pulls it in: multi-user.target, a runlevel."),
    file: z.string().describe("Its file, before links are followed."),
  }),
);
