import { BlockList, isIPv6 } from "node:net";
import { getCACertificates } from "node:tls";
import type { Dispatcher } from "undici";
import { readNamedFile } from "../host/named-file.ts";
import { shownAddress } from "../kit/address.ts";
import { GuestkitError } from "../kit/errors.ts";
import { reasonOf } from "../kit/system-error.ts";

export interface RemoteFile {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Proxy address; the environment's where null. */
  readonly proxy: string | null;
  /** The Proxy-Authorization header; null sends what the environment's proxy address says, if anything. */
  readonly proxyAuthorization: string | null;
  /** PEM file of further certificate authorities. */
  readonly caFile: string | null;
}

export type Response = Dispatcher.ResponseData;

const MAX_REDIRECTS = 10;
const IDLE_MS = 60_000;

/**
 * It takes as long to load as all the rest of a plan that downloads nothing. A bundle has the names of a CommonJS package
 * on its default alone.
 */
const client = async () => (await import("undici")).default;

/** The way to a server: proxy and authorities as declared, else as the environment says. */
export async function openDispatcher(file: RemoteFile): Promise<Dispatcher> {
  const tls = file.caFile === null ? {} : { ca: [...getCACertificates("default"), await readAuthorities(file.caFile)] };
  const { proxyAuthorization: token } = file;
  const times = { bodyTimeout: IDLE_MS, headersTimeout: IDLE_MS };
  // A tunnel for http as well: what is asked for, and its headers, are between us and the server.
  const way = { ...times, proxyTunnel: true, allowH2: false };
  const { EnvHttpProxyAgent, ProxyAgent } = await client();
  const options = { ...way, ...(token !== null && { token }), requestTls: tls, proxyTls: tls, connect: tls };
  return file.proxy === null ? new EnvHttpProxyAgent(options) : new ProxyAgent({ ...options, uri: file.proxy });
}

/** Most bytes of a list of certificates: a distribution's own has a quarter of a MiB. */
const AUTHORITIES = 16 << 20;

async function readAuthorities(path: string): Promise<string> {
  try {
    return String(await readNamedFile(path, AUTHORITIES));
  } catch (cause) {
    throw new GuestkitError("E_SOURCE_CA", `Cannot read "${path}": ${reasonOf(cause)}`, {
      cause,
      at: { file: path, field: ["source", "ca_file"] },
    });
  }
}

/**
 * Asks for a file, following redirects. Declared headers go to the declared origin alone, and a redirect never leads
 * from https to http, nor from another host to this one or its neighbours on the link.
 */
export async function get(
  file: RemoteFile,
  extra: Readonly<Record<string, string>>,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<Response> {
  const { request } = await client();
  const origin = new URL(file.url).origin;
  for (let url = new URL(file.url), hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const headers = {
      "user-agent": "guestkit",
      "accept-encoding": "identity",
      ...(url.origin === origin && file.headers),
      ...extra,
    };
    const response = await request(url, { method: "GET", headers, dispatcher, signal });
    const location = redirectOf(response);
    if (location === null) return response;
    await response.body.dump();
    url = followed(url, location);
  }
  throw httpError(file.url, `it redirects more than ${MAX_REDIRECTS} times`);
}

function redirectOf({ statusCode, headers }: Response): string | null {
  if (![301, 302, 303, 307, 308].includes(statusCode)) return null;
  return headerOf(headers, "location");
}

function followed(from: URL, location: string): URL {
  const to = URL.parse(location, from.href);
  if (!to) throw httpError(from.href, "it redirects to what is no address");
  const safe = to.protocol === "https:" || (to.protocol === "http:" && from.protocol === "http:");
  if (!safe) throw httpError(from.href, `it redirects to ${to.protocol}//${to.host}, which is less safe`);
  if (isNear(to.hostname) && !isNear(from.hostname)) {
    throw httpError(from.href, `it redirects to ${to.host}, where a server of this host or of its cloud may answer`);
  }
  return to;
}

/** This host, and what answers on its link alone (a cloud's metadata), in every spelling that `URL` takes. */
const NEAR = new BlockList();
NEAR.addSubnet("0.0.0.0", 8);
NEAR.addSubnet("127.0.0.0", 8);
NEAR.addSubnet("169.254.0.0", 16);
NEAR.addSubnet("::", 127, "ipv6");
NEAR.addSubnet("fe80::", 10, "ipv6");

function isNear(host: string): boolean {
  const name = host.replace(/\.$/, "");
  if (name === "localhost" || name.endsWith(".localhost")) return true;
  const ip = name.replace(/^\[|\]$/g, "");
  return NEAR.check(ip, isIPv6(ip) ? "ipv6" : "ipv4");
}

export function headerOf(headers: Response["headers"], name: string): string | null {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

export function httpError(url: string, why: string, cause?: unknown): GuestkitError {
  return new GuestkitError("E_SOURCE_HTTP", `Cannot download "${shownAddress(url)}": ${why}`, {
    cause,
    at: { field: ["source", "url"] },
    help: "Check the address, and where it needs them source.headers, source.proxy, source.proxy_authorization and source.ca_file.",
  });
}
