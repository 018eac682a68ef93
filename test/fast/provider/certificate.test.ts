import { createPrivateKey, X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createCertificate } from "../../../provider/transport/certificate.ts";

describe("the certificate for mutual TLS", () => {
  const certificate = createCertificate();
  const parsed = new X509Certificate(certificate.cert);

  it("is DER that OpenSSL reads back as the same bytes", () => {
    expect(parsed.raw).toEqual(Buffer.from(certificate.der));
  });

  it("is for localhost, its own authority, and signs", () => {
    expect(parsed.checkHost("localhost")).toBe("localhost");
    expect(parsed.checkHost("example.org")).toBeUndefined();
    expect(parsed.ca).toBe(true);
    expect(parsed.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
    // Basic constraints and key usage (digitalSignature, keyCertSign), both critical.
    expect(Buffer.from(certificate.der).toString("hex")).toContain("0603551d0f0101ff040403020284");
    expect(Buffer.from(certificate.der).toString("hex")).toContain("0603551d130101ff040530030101ff");
  });

  it("is signed by its own P-256 key and valid now", () => {
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(parsed.checkPrivateKey(createPrivateKey(certificate.key))).toBe(true);
    expect(parsed.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
    expect(Date.parse(parsed.validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(parsed.validTo)).toBeGreaterThan(Date.now() + 3000 * 86_400_000);
  });

  it("has another serial number and key each time", () => {
    expect(new X509Certificate(createCertificate().cert).serialNumber).not.toBe(parsed.serialNumber);
  });
});
