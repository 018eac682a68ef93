import { describe, expect, it } from "vitest";
import { holdsLogin, isSigned, shownAddress, withoutSignature } from "../../../core/kit/address.ts";

const BASE = "https://h/i.qcow2";

describe("what signs an address", () => {
  it.each([
    // As the services' own documentation and tools write them.
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=K%2F20261101%2Feu%2Fs3%2Faws4_request&X-Amz-Date=20261101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Security-Token=t&X-Amz-Signature=0f",
    "AWSAccessKeyId=K&Signature=a%3D&Expires=1471536728&x-amz-security-token=t",
    "X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=c&X-Goog-Date=d&X-Goog-Expires=60&X-Goog-SignedHeaders=host&X-Goog-Signature=0f",
    "x-goog-signature=0f&x-goog-algorithm=a&x-goog-credential=c",
    "GoogleAccessId=a@b&Expires=1&Signature=s",
    "sv=2024-11-04&ss=b&srt=o&sp=r&st=2026-11-01T00%3A00%3A00Z&se=2026-11-02T00%3A00%3A00Z&sip=1.2.3.4&spr=https&sig=s%3D",
    "sp=r&sv=2024-11-04&sr=b&skoid=o&sktid=t&skt=a&ske=b&sks=b&skv=c&saoid=x&scid=y&sig=s",
    "si=policy&sr=c&sig=s",
    "Policy=p&Signature=s&Key-Pair-Id=K",
    "Expires=1&Signature=s&Key-Pair-Id=K",
    "OSSAccessKeyId=K&Expires=1&Signature=s&security-token=t",
    "x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=c&x-oss-date=d&x-oss-expires=1&x-oss-additional-headers=host&x-oss-security-token=t&x-oss-signature=s",
    "AccessKeyId=K&Expires=1&Signature=s&x-obs-security-token=t",
    "hdnts=exp=1~acl=/*~hmac=0f",
    "hdnea=exp=1~hmac=0f&__token__=exp=1~hmac=0f",
    "q-sign-algorithm=sha1&q-ak=K&q-sign-time=1;2&q-key-time=1;2&q-header-list=host&q-url-param-list=&q-signature=s",
    "temp_url_sig=0f&temp_url_expires=1",
    "token=t&expires=1",
    "%73ig=s",
  ])("%s is no part of it", (query) => {
    expect(withoutSignature(`${BASE}?${query}`)).toBe(BASE);
    expect(withoutSignature(`${BASE}?versionId=3&${query}&x=a%20b#part`)).toBe(`${BASE}?versionId=3&x=a%20b`);
    expect(isSigned(`${BASE}?v=1&${query}`)).toBe(true);
  });

  it.each(["version=2", "versionId=a", "generation=1", "snapshot=2026-11-01", "x-oss-process=image", "SIG=1", "v"])(
    "%s chooses bytes, and stays",
    (query) => {
      expect(withoutSignature(`${BASE}?${query}`)).toBe(`${BASE}?${query}`);
      expect(isSigned(`${BASE}?${query}`)).toBe(false);
    },
  );

  it("is none of a path's matter, and a fragment is no part of any address of the web", () => {
    for (const path of ["./a?sig=1#b", "/x#y", "file:///a?sig=1#2"]) expect(withoutSignature(path)).toBe(path);
    expect(withoutSignature(`${BASE}#sig=1`)).toBe(BASE);
    expect(isSigned(`${BASE}#sig=1`)).toBe(false);
  });
});

it.each([
  ["https://me:word@h/x", true],
  ["https://word@h/x", true],
  ["HTTP://me:word@h", true],
  ["https:me:word@h/x", true],
  ["https:\\\\me:word@h\\x", true],
  ["https://me:wo/rd@h/x", true],
  ["ftp://me:word@h/x", true],
  ["socks5://me:word@h:1080", true],
  ["ssh://git:word@h/x", true],
  ["deb [signed-by=/k] http://me:word@h/debian bookworm main", true],
  ["http://a/debian\nhttp://me:word@h/debian", true],
  ["ssh://git@h/x", false],
  ["git@h:x.git", false],
  ["https://h/x@y:z", false],
  ["https://h/?mail=a:b@c", false],
  ["./a:b@c", false],
  ["/srv/mirror@2026", false],
])("%j: a name or password is in it: %s", (text, holds) => {
  expect(holdsLogin(text)).toBe(holds);
  expect(shownAddress(text)).not.toMatch(/wo\/?rd/);
});

it("shows an address without what may be a secret", () => {
  expect(shownAddress("https://me:word@h:8/x?api=1#f")).toBe("https://***@h:8/x?***");
  expect(shownAddress("/a?b#c")).toBe("/a?b#c");
});
