import { secret } from "../../declare.ts";
import { fileContent } from "../file-content.ts";
import { imagePlaceInTerraform } from "../image-place.ts";

export const fileSecret = secret({
  name: "file_secret",
  since: "0.2.0",
  summary: "A file inside an image whose content nobody is to keep.",
  description: `${fileContent.description} It answers what file_content does; faces that keep answers keep none of this one.`,
  input: fileContent.input,
  output: fileContent.output,
  examples: [
    { title: "A host key of a guest", input: { disk_image: "web.qcow2", path: "/etc/ssh/ssh_host_ed25519_key" } },
  ],
  aliases: { terraform: { ...imagePlaceInTerraform, name: "guestkit_file_content" } },
});
