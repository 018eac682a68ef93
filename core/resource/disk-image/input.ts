import type { Layout } from "../../build/blank.ts";
import type { BootstrapInput } from "../../build/bootstrap/index.ts";
import { imageFile } from "../../build/chain.ts";
import { readFileSource } from "../../build/files.ts";
import type { ImageSource } from "../../build/source.ts";
import type { WantedFile } from "../../build/wanted-file.ts";
import { callerFiles } from "../../host/caller-files.ts";
import type { CallerPath } from "../../kit/caller-path.ts";
import type { Context } from "../../kit/context.ts";
import { isObject, type Value, type ValueObject } from "../../model/value.ts";
import type { DiskFormat, ImageFile } from "../../qemu/block/node.ts";

/** All that reading a declared file takes. */
export type Filed = Pick<Context, "files">;

/** One of `files` in canonical form. */
export interface DeclaredFile {
  readonly path: string;
  readonly content: string | null;
  readonly source: CallerPath | null;
  readonly secret_content: string | null;
  readonly secret_content_version: number | null;
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
}

/** A disk_image's input in canonical form: every field there, null where the user is silent. */
export interface CanonicalInput {
  readonly path: string;
  readonly format: DiskFormat;
  readonly size: number | null;
  readonly source: {
    readonly url: CallerPath;
    readonly sha256: CallerPath | null;
    readonly sha512: CallerPath | null;
    readonly unpacked_sha256: CallerPath | null;
    readonly keyring: CallerPath | null;
    readonly format: string | null;
    readonly member: string | null;
    readonly headers: Readonly<Record<string, string>> | null;
    readonly proxy: string | null;
    readonly proxy_authorization: string | null;
    readonly ca_file: CallerPath | null;
    readonly allow_backing_files: boolean;
  } | null;
  readonly backing_file: string | null;
  readonly backing_format: DiskFormat | null;
  readonly allow_backing_files: boolean;
  readonly bootstrap: ValueObject | null;
  readonly layout: Layout | null;
  readonly files: readonly DeclaredFile[];
  readonly checks: ValueObject | null;
  readonly mode: string | null;
  readonly overwrite: boolean;
  readonly delete_protection: boolean;
}

/** The engine has validated it against the contract: what is there has the type that is declared. */
export function asCanonical(input: ValueObject): CanonicalInput {
  return input as unknown as CanonicalInput;
}

/** The image that is there, with all that it leans on. */
export function imageOf(input: CanonicalInput): Promise<ImageFile> {
  return imageFile(input.path, input.format);
}

export function sourceOf({
  url,
  sha256,
  sha512,
  unpacked_sha256,
  keyring,
  format,
  member,
  headers,
  proxy,
  proxy_authorization,
  ca_file,
  allow_backing_files,
}: NonNullable<CanonicalInput["source"]>): ImageSource {
  return {
    url,
    digests: { sha256, sha512, unpacked_sha256 },
    keyring,
    format,
    member,
    headers: headers ?? {},
    proxy,
    proxyAuthorization: proxy_authorization,
    caFile: ca_file,
    allowBackingFiles: allow_backing_files,
  };
}

/** As it is declared: nothing opens its keyring by that. */
export const bootstrapAsTold = (input: ValueObject): BootstrapInput => withoutNulls(input) as unknown as BootstrapInput;

/** With the keyring where apt finds it. */
export async function bootstrapOf(input: ValueObject, context: Context): Promise<BootstrapInput> {
  const { keyring, ...rest } = withoutNulls(input) as unknown as Omit<BootstrapInput, "keyring"> & Keyed;
  return keyring === undefined ? rest : { ...rest, keyring: await callerFiles(context).locate(keyring) };
}

interface Keyed {
  readonly keyring?: CallerPath;
}

function withoutNulls(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutNulls(each)]));
}

/** The bytes and attributes that a declared file stands for; null for a secret that is not at hand. */
export async function wantedFile(file: DeclaredFile, index: number, context: Filed): Promise<WantedFile | null> {
  const bytes = await bytesOf(file, index, context);
  return bytes && { path: file.path, bytes, ...attributesOf(file) };
}

export function attributesOf(file: DeclaredFile): Pick<WantedFile, "mode" | "uid" | "gid"> {
  return { mode: Number.parseInt(file.mode, 8), uid: file.uid, gid: file.gid };
}

/** A file whose text is a secret: only its version is known afterwards. */
export function isSecret(file: DeclaredFile): boolean {
  return file.secret_content !== null || file.secret_content_version !== null;
}

async function bytesOf(file: DeclaredFile, index: number, context: Filed): Promise<Uint8Array | null> {
  if (file.source !== null) return readFileSource(file.source, ["files", index, "source"], context);
  if (isSecret(file)) return file.secret_content === null ? null : new TextEncoder().encode(file.secret_content);
  return new TextEncoder().encode(file.content ?? "");
}
