import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import * as der from "./der.ts";

export interface Certificate {
  readonly der: Uint8Array;
  /** PEM of the certificate and of its private key (PKCS #8). */
  readonly cert: string;
  readonly key: string;
}

const ECDSA_SHA256 = der.sequence(der.oid("1.2.840.10045.4.3.2"));
const DAY = 86_400_000;

/**
 * A self-signed P-256 certificate for `localhost`, as go-plugin's mutual TLS wants one: it is its own authority (CA),
 * may sign and be a server and a client, and lives for ten years.
 * Spec: RFC 5280, https://www.rfc-editor.org/rfc/rfc5280
 */
export function createCertificate(now: Date = new Date()): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const body = certificateBody(publicKey.export({ type: "spki", format: "der" }), now);
  const signature = sign("sha256", body, privateKey);
  const bytes = der.sequence(body, ECDSA_SHA256, der.bits(signature));
  return {
    der: bytes,
    cert: `-----BEGIN CERTIFICATE-----\n${Buffer.from(bytes).toString("base64")}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function certificateBody(publicKey: Uint8Array, now: Date): Uint8Array {
  const name = distinguishedName();
  return der.sequence(
    der.explicit(0, der.integer(Uint8Array.of(2))),
    der.integer(serialNumber()),
    ECDSA_SHA256,
    name,
    der.sequence(der.utcTime(new Date(now.getTime() - DAY)), der.utcTime(new Date(now.getTime() + 3650 * DAY))),
    name,
    publicKey,
    der.explicit(3, extensions()),
  );
}

/** 127 random bits: positive, and never a leading zero byte. */
function serialNumber(): Uint8Array {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

function distinguishedName(): Uint8Array {
  const part = (type: string, text: string) => der.set(der.sequence(der.oid(type), der.utf8(text)));
  return der.sequence(part("2.5.4.10", "guestkit"), part("2.5.4.3", "localhost"));
}

function extensions(): Uint8Array {
  const critical = der.boolean(true);
  const digitalSignatureAndCertSign = der.bits(Uint8Array.of(0x84), 2);
  const serverAndClient = der.sequence(der.oid("1.3.6.1.5.5.7.3.1"), der.oid("1.3.6.1.5.5.7.3.2"));
  return der.sequence(
    der.sequence(der.oid("2.5.29.15"), critical, der.octets(digitalSignatureAndCertSign)),
    der.sequence(der.oid("2.5.29.37"), der.octets(serverAndClient)),
    der.sequence(der.oid("2.5.29.19"), critical, der.octets(der.sequence(der.boolean(true)))),
    der.sequence(der.oid("2.5.29.17"), der.octets(der.sequence(der.implicitText(2, "localhost")))),
  );
}
