import type { Tree } from "../filesystem/tree.ts";

/** A line of fstab(5). */
export interface FstabEntry {
  /** `UUID=...`, `LABEL=...`, `/dev/sda1`, `tmpfs`. */
  readonly spec: string;
  /** The mount point; `none` for swap. */
  readonly target: string;
  readonly type: string;
  readonly options: readonly string[];
  /** The fields as they stand there, between spaces and tabs: what systemd goes by (fstab-systemd.ts). */
  readonly fields: readonly string[];
}

export async function readFstab(tree: Tree): Promise<readonly FstabEntry[]> {
  return parseFstab((await tree.readText("/etc/fstab")) ?? "");
}

/** Lines with at least three fields; spaces in a field are written `\040`. */
export function parseFstab(text: string): readonly FstabEntry[] {
  const lines = text.split("\n").filter((line) => !/^\s*(?:#|$)/.test(line));
  return lines.flatMap((line) => {
    const [spec, target, type, options = "defaults"] = line.trim().split(/\s+/).map(unescapeField);
    const fields = line.split(/[ \t]+/).filter((field) => field !== "");
    return spec && target && type ? [{ spec: unquote(spec), target, type, options: options.split(","), fields }] : [];
  });
}

function unescapeField(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** `LABEL="data"` is allowed, in either quotes. */
function unquote(spec: string): string {
  return spec.replace(/^([A-Z]+=)(["'])(.*)\2$/, "$1$3");
}
