import { expect, it } from "vitest";
import { fielded } from "../../../core/engine/fielded.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { contractOf } from "../../../core/model/index.ts";

const copy = contractOf("copy");
const input = { disk_image: "/srv/a.qcow2", src: "/etc/motd", dest: "/srv/out" };

const thrownOf = (error: unknown) => fielded(copy, input, () => Promise.reject(error)).catch((thrown) => thrown);

const refused = (path: string) => Object.assign(new Error("EACCES: no"), { code: "EACCES", syscall: "open", path });

it("tells of a refused file the field that names it, or the folder that it is in", async () => {
  expect(await thrownOf(refused("/srv/out"))).toMatchObject({ at: { file: "/srv/out", field: ["dest"] } });
  expect(await thrownOf(refused("/srv/out/motd"))).toMatchObject({ code: "E_SYSTEM_EACCES", at: { field: ["dest"] } });
  expect(await thrownOf(refused("/srv/outside"))).not.toHaveProperty("at");
});

it("tells the nearest folder, and none that is inside an image", async () => {
  const nested = { disk_image: "/srv/web", src: "/srv/web/out", dest: "/srv/web/out" };
  const thrown = fielded(copy, nested, () => Promise.reject(refused("/srv/web/out/motd")));
  await expect(thrown).rejects.toMatchObject({ at: { field: ["dest"] } });
});

it("leaves what has its field, or no file, as it is", async () => {
  const own = new GuestkitError("E_X", "Cannot go", { at: { file: "/srv/out", field: ["src"] } });
  expect(await thrownOf(own)).toBe(own);
  const bare = new Error("bare");
  expect(await thrownOf(bare)).toBe(bare);
});
