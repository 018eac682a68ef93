import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";

/** go-plugin's agreement between the engine and the plugin that it starts, all through the environment and stdout. */
const COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
const PROTOCOL = 6;
/** Of a socket's path, with its closing zero (unix(7)). */
const MAX_SOCKET_PATH = 108;

export interface Engine {
  /** PEM of the certificate that the engine will show; undefined without mutual TLS. */
  readonly clientCertificate: string | undefined;
}

/** What the engine said when it started this process, or in words why this is not such a start. */
export function readEnvironment(env: NodeJS.ProcessEnv): Engine | string {
  if (env.TF_PLUGIN_MAGIC_COOKIE !== COOKIE) {
    return "This is a plugin of Terraform and OpenTofu, which start it themselves. For a command, use guestkit.";
  }
  const versions = env.PLUGIN_PROTOCOL_VERSIONS?.split(",").map(Number);
  if (versions && !versions.includes(PROTOCOL)) {
    return `This provider speaks plugin protocol ${PROTOCOL}, but the engine only ${versions.join(", ")}: it needs Terraform 1.0 or OpenTofu 1.6.`;
  }
  return { clientCertificate: env.PLUGIN_CLIENT_CERT || undefined };
}

/** The one line on stdout that tells the engine where to connect. */
export function handshakeLine(socket: string, certificate: Uint8Array | undefined): string {
  const encoded = certificate ? Buffer.from(certificate).toString("base64").replace(/=+$/, "") : "";
  return `1|${PROTOCOL}|unix|${socket}|grpc|${encoded}\n`;
}

/** A fresh folder of this user's alone, with the socket's path in it. */
export function createSocketFolder(env: NodeJS.ProcessEnv): { socket: string; remove: () => void } {
  const preferred = env.PLUGIN_UNIX_SOCKET_DIR || env.TMPDIR || "/tmp";
  const base = join(preferred, "guestkit-XXXXXX", "s").length < MAX_SOCKET_PATH ? preferred : "/tmp";
  const folder = mkdtempSync(join(base, "guestkit-"));
  return { socket: join(folder, "s"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
