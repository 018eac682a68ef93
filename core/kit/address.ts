/**
 * Query parameters that sign an address or let its bearer in, as the services write them: they say who may fetch and
 * until when, not what. One table for all that compares, records or shows addresses.
 */
const SIGNING: ReadonlySet<string> = new Set(
  [
    // S3, version 2 (and those that speak it: Ceph, MinIO), Google's version 2, Huawei OBS, Aliyun OSS version 1.
    "AWSAccessKeyId GoogleAccessId AccessKeyId OSSAccessKeyId Signature Expires security-token",
    // Aliyun OSS, version 4. Its x-oss-process asks for other bytes and is none of these.
    "x-oss-signature x-oss-signature-version x-oss-credential x-oss-date x-oss-expires x-oss-additional-headers",
    "x-oss-security-token x-obs-security-token x-cos-security-token",
    // Azure: service, account and user delegation SAS. snapshot and versionid choose bytes, and count.
    "sig se sp st sv sr ss srt si sip spr skoid sktid skt ske sks skv saoid suoid scid sduoid skdutid ses",
    // CloudFront, and what Akamai, Bunny and others call theirs.
    "Policy Key-Pair-Id hdnts hdnea hdntl __token__ __gda__ token token_path expires auth_key",
    // Tencent COS; OpenStack Swift.
    "q-sign-algorithm q-ak q-sign-time q-key-time q-header-list q-url-param-list q-signature",
    "temp_url_sig temp_url_expires temp_url_prefix temp_url_ip_range",
    // Words for what lets in, of forges and registries.
    "access_token private_token job_token auth_token api_key apikey jwt Authorization signature",
  ].flatMap((names) => names.split(" ")),
);
/** Of these services every parameter with the prefix is the signature's, in either case (gsutil writes x-goog-). */
const SIGNING_PREFIX = /^(?:X-Amz|X-Goog|X-Tos)-/i;

/** Whether a text is an address of the web: paths may hold `?` and `#` themselves. */
const isWeb = (text: string): boolean => /^https?:/i.test(text);

/**
 * An address without what signs it and without its fragment, otherwise as it is spelled: what is compared and written
 * down. Anything else than an address of the web stays as it is.
 */
export function withoutSignature(text: string): string {
  if (!isWeb(text)) return text;
  const [address = ""] = text.split("#", 1);
  const at = address.indexOf("?");
  if (at < 0) return address;
  const kept = address
    .slice(at + 1)
    .split("&")
    .filter((each) => !signs(each));
  return address.slice(0, at) + (kept.length > 0 ? `?${kept.join("&")}` : "");
}

/** Whether something in an address signs it. */
export function isSigned(text: string): boolean {
  return isWeb(text) && (text.split("#", 1)[0]?.split("?").slice(1).join("?").split("&").some(signs) ?? false);
}

function signs(parameter: string): boolean {
  const name = decoded(parameter.split("=", 1)[0] ?? "");
  return SIGNING.has(name) || SIGNING_PREFIX.test(name);
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/**
 * Whether an address, or one of several between blanks (apt's sources), holds a password, or a name that may be a token.
 * Of SSH the name alone is none: it is no secret there.
 */
export function holdsLogin(text: string): boolean {
  return text.split(/\s+/).some(wordHoldsLogin);
}

function wordHoldsLogin(word: string): boolean {
  const match = /^([a-z][a-z0-9+.-]*):[/\\]{2}([^/\\?#]*@)?/i.exec(word);
  const [, scheme = "", login] = match ?? [];
  if (/^(?:ssh|git\+ssh|ssh\+git)$/i.test(scheme)) return login?.includes(":") ?? false;
  return login !== undefined || parsedHoldsLogin(word);
}

/** Addresses of the web need no slashes to be understood (https:NAME:WORD@HOST); one that is not understood is doubted. */
function parsedHoldsLogin(word: string): boolean {
  if (!/^(?:https?|ftp):/i.test(word)) return false;
  if (!URL.canParse(word)) return word.includes("@");
  const { username, password } = new URL(word);
  return username !== "" || password !== "";
}

/** An address as it is shown: without name and password, and without its query, which may hold a signature. */
export function shownAddress(text: string): string {
  const bare = text.replace(/\S+/g, (word) => (wordHoldsLogin(word) ? word.replace(LOGIN, "$1***@") : word));
  if (!isWeb(text)) return bare;
  const [address = ""] = bare.split("#", 1);
  const at = address.indexOf("?");
  return at < 0 ? address : `${address.slice(0, at)}?***`;
}

/** To the last @ of all: a password may hold what ends one in an address. */
const LOGIN = /^([a-z][a-z0-9+.-]*:[/\\]*).*@/i;
