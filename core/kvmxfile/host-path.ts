import { withoutTail } from "../kit/trim.ts";
import { type Declared, escaped, Template } from "./outcome.ts";

/**
 * How paths on the host are written: below the home folder by `${env.HOME}`, so that the file serves whoever has it;
 * relative ones, which a kvmxfile counts from its own folder, from guestkit.yaml's.
 */
export function hostPathFrom(folder: string, home: string): (path: string) => Declared {
  const prefix = withoutTail(home, "/");
  return (path) => {
    if (prefix !== "" && (path === prefix || path.startsWith(`${prefix}/`))) {
      return new Template(`\${env.HOME}${escaped(path.slice(prefix.length))}`);
    }
    if (path.startsWith("/")) return path;
    return relative(folder, path);
  };
}

function relative(folder: string, path: string): string {
  const plain = withoutTail(path.replace(/^(\.\/+)+/, ""), "/");
  const joined = [folder === "." ? "" : folder, plain === "." ? "" : plain].filter((each) => each !== "").join("/");
  if (joined === "") return ".";
  return /^(\.{1,2}(\/|$)|\/)/.test(joined) ? joined : `./${joined}`;
}
