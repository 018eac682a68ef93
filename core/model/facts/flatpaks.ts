import { z } from "zod";

const text = (what: string) => z.string().describe(what);
const optional = (what: string) => z.string().nullable().describe(what);

export const flatpaksReport = z.array(
  z.object({
    kind: z.enum(["app", "runtime"]).describe("An application, or what applications run in."),
    name: text("Its ID: org.gnome.Calculator."),
    arch: text("Architecture: x86_64."),
    branch: text("Branch: stable, 23.08."),
    version: optional("Its makers' own version."),
    license: optional("Its licence, as it says."),
    runtime: optional("Of an application what it runs in: org.gnome.Platform/x86_64/46."),
    origin: optional("The remote that it came from."),
    commit: text("What is installed: 64 hexadecimal digits."),
    size: z.int().min(0).nullable().describe("Bytes installed, as flatpak says."),
    user: optional("Whose installation it is in; null for the system's."),
  }),
);
