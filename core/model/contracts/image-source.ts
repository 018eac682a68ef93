import { z } from "zod";
import { address, callerPath, callerSide, createOnly, immutable, spelled, writeOnly } from "../declare.ts";
import { READ_FORMATS } from "./image-place.ts";

/** Hexadecimal digits, or a path or address (which has something else than those in it). */
const digest = (digits: number) =>
  z
    .string()
    .regex(
      new RegExp(`^(?:(?:sha\\d+:)?[0-9a-fA-F]{${digits}}|(?!sha\\d+:).*[^0-9a-fA-F].*)$`),
      `${digits} hexadecimal digits, or a path or address of a file of checksums`,
    );

/** Of a file of checksums its signature, which lies beside it, is read as well. */
const checksums = {
  ...spelled("digestPlace"),
  ...address("Give them as source.headers, which go to the source's own server."),
  ...callerSide(".gpg", ".asc", ".sig", ".sign"),
};

/** All but a container: a source has no key for it. */
const FORMATS = READ_FORMATS.filter((each) => each !== "luks");

/** Where the bytes of a new image come from. */
export const imageSource = z.object({
  url: z
    .string()
    .min(1)
    .meta({
      ...immutable,
      ...spelled("place"),
      ...callerSide(),
      ...address(
        'Give them in source.headers, as "Authorization" with the value "Basic BASE64-OF-NAME:PASSWORD".',
        "sha256",
      ),
    })
    .describe(
      "A path, or a file:, http: or https: address without name and password. Another signature, or with the same sha256 another place, is no change.",
    ),
  sha256: digest(64)
    .optional()
    .meta({ ...immutable, ...checksums })
    .describe(
      "SHA-256 of the bytes that are fetched, checked while they stream: in hexadecimal, or the path or address of a file of checksums that lists the source by its name (SHA256SUMS), read at create.",
    ),
  sha512: digest(128)
    .optional()
    .meta({ ...immutable, ...checksums })
    .describe("SHA-512 of the bytes that are fetched: in hexadecimal, or a file of checksums (SHA512SUMS)."),
  unpacked_sha256: digest(64)
    .optional()
    .meta({ ...immutable, ...checksums })
    .describe(
      "SHA-256 of what a compressed source (gzip, xz, zstd, bzip2) holds: in hexadecimal, or a file of checksums that lists the source by its name without .gz, .xz, .zst or .bz2.",
    ),
  keyring: callerPath()
    .optional()
    .meta(createOnly)
    .describe(
      "Public keys (gpg --export) one of which must have signed the file of checksums, in itself or beside it (.gpg, .asc, .sig, .sign).",
    ),
  format: z
    .enum(FORMATS)
    .optional()
    .meta(createOnly)
    .describe(
      "Format of the source, or of the disk in it where that is an archive. Left out: what is recorded of it, else what it looks like at its first use, which that use fixes.",
    ),
  member: z
    .string()
    .min(1)
    .max(4096)
    .optional()
    .meta(immutable)
    .describe(
      "Name of the member that is the disk, where the source is an archive (OVA, tar). Left out: the only disk that its OVF names.",
    ),
  allow_backing_files: z
    .boolean()
    .default(false)
    .meta(createOnly)
    .describe(
      "Let the source lean on files outside its own folder that no record of guestkit's names; they become part of the image. Only for sources that you know.",
    ),
  headers: z
    .record(z.string(), z.string())
    .optional()
    .meta({ ...createOnly, ...writeOnly })
    .describe("HTTP headers sent with the request."),
  proxy: z
    .string()
    .optional()
    .meta({
      ...createOnly,
      ...address(
        'Give them as source.proxy_authorization ("Basic BASE64-OF-NAME:PASSWORD"), or set https_proxy in the environment.',
      ),
    })
    .describe("Proxy address without name and password; the environment's (https_proxy) where left out."),
  proxy_authorization: z
    .string()
    .optional()
    .meta({ ...createOnly, ...writeOnly })
    .describe("What the proxy is to let us in for: its Proxy-Authorization header (Basic ...)."),
  ca_file: callerPath().optional().meta(createOnly).describe("PEM file of further certificate authorities."),
});
