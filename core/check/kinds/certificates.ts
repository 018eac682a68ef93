import { matchesWildcard } from "../../guest/wildcard.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { Facts } from "../facts.ts";
import type { CertificatesRule } from "../rule.ts";

const DAY = 86_400_000;

/** Certificates that are not good for so many days from today on; empty where all are. */
export async function checkCertificates({ path, days }: CertificatesRule, facts: Facts): Promise<readonly string[]> {
  for (const folder of ["/etc", ...(path === null ? [] : [path])]) facts.demandMounted(folder);
  const { certificates, unread } = await facts.keys();
  const [fault] = unread;
  if (fault !== undefined) throw unreadable(fault);
  const found = certificates.filter((each) => path === null || matchesWildcard(each.path, path));
  if (found.length === 0 && path !== null) {
    if (await facts.tree.resolve(path)) throw elsewhere(path);
    return [`there is no certificate at ${path}`];
  }
  const now = Date.parse(`${facts.today}T00:00:00Z`);
  return found.flatMap(({ path: at, subject, not_before, not_after }) => {
    const name = subject === "" ? at : `${at} (${subject})`;
    // A day has begun somewhere before it does by UTC.
    if (Date.parse(not_before) >= now + DAY) return [`${name} is not good before ${not_before}`];
    return Date.parse(not_after) < now + days * DAY ? [`${name} ends on ${not_after}`] : [];
  });
}

function elsewhere(path: string): GuestkitError {
  return new GuestkitError(
    "E_CHECK_CERTIFICATE",
    `Cannot judge the certificate at "${path}": it is none, a link, a store of many, or outside of where certificates are looked for`,
    { help: "Name the file itself in its usual place: guestkit inspect --facts security shows those that are found." },
  );
}

function unreadable(fault: string): GuestkitError {
  return new GuestkitError("E_CHECK_CERTIFICATE", `Cannot judge the certificates: ${fault}`, {
    help: "Mend or remove the file, or waive the check.",
  });
}
