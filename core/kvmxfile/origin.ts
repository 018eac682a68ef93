/** What a machine of kvmx starts from; in the order in which it decides. */
export type Origin =
  /** Another machine's disks, anew at every start. */
  | { readonly kind: "template"; readonly machine: string }
  /** An image, anew at every start. */
  | { readonly kind: "base"; readonly box: string }
  /** A live medium. */
  | { readonly kind: "medium"; readonly medium: string }
  /** The image that kvmx has made for this machine. */
  | { readonly kind: "existing"; readonly box: string }
  /** A thin overlay over a basebox, which is kept. */
  | { readonly kind: "overlay"; readonly box: string }
  /** A copy of a basebox. */
  | { readonly kind: "copy"; readonly box: string }
  /** What kvmx-create makes. */
  | { readonly kind: "bootstrap" };

export interface OriginFacts {
  readonly name: string;
  readonly home: string;
  /** Keep the image that kvmx has made. */
  readonly keepImage: boolean;
  readonly get: (key: string) => string | null;
}

export const MACHINE_NAME = /^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/;

/** Where kvmx keeps a machine's image, and with it a basebox's. */
const boxOf = (home: string, name: string) => `${home}/.local/share/kvmx/${name}/box.img`;

export function originOf({ name, home, keepImage, get }: OriginFacts): Origin {
  const [template, base, basebox, own] = [get("template_vm"), get("base"), get("basebox"), get("image")];
  if (template !== null && MACHINE_NAME.test(template)) return { kind: "template", machine: template };
  if (base !== null) return { kind: "base", box: base.includes("/") ? base : boxOf(home, base) };
  if (get("image_drive") === "cdrom" && own !== null) return { kind: "medium", medium: own };
  if (keepImage) return { kind: "existing", box: own ?? boxOf(home, name) };
  if (basebox === null) return { kind: "bootstrap" };
  const box = boxOf(home, basebox);
  if (get("recreate_overlay") === "always") return { kind: "base", box };
  return { kind: isOn(get("backing_file")) ? "overlay" : "copy", box };
}

/** kvmx writes switches as 1 or y. */
export const isOn = (value: string | null): boolean => /^(1|y|yes|true|on)$/i.test(value ?? "");
