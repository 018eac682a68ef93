import { expect, it } from "vitest";
import { withoutLogins } from "../../../core/guest/without-logins.ts";

it.each([
  ["quiet\tx=1\trootpass=SECRET\ta=b", "quiet\tx=1\trootpass=(secret)\ta=b"],
  ['"a.password=SECRET SECRET" b', '"a.password=(secret)" b'],
  ['a.secret="SECRET SECRET" b', "a.secret=(secret) b"],
  ["root=iscsi:u:SE/CRET@SECRET@h::", "root=iscsi:u:(secret)@h::"],
  ['curl -d \'{"password": "SECRET", "a": 1}\' h', 'curl -d \'{"password": (secret) "a": 1}\' h'],
  ["wget 'https://u:SECRET@h/a:b@c'", "wget 'https://u:(secret)@h/a:b@c'"],
  ["rd.luks.key=/a spec_store_bypass=off nfs=1.2.3.4:/x@y", "rd.luks.key=/a spec_store_bypass=off nfs=1.2.3.4:/x@y"],
])("leaves out what is secret in %j", (text, told) => {
  expect(withoutLogins(text)).toBe(told);
});
