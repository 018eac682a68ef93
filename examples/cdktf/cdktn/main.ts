import { App, TerraformOutput, TerraformStack } from "cdktn";
import { Construct } from "constructs";
import { DataGuestkitInspection } from "./.gen/providers/guestkit/data-guestkit-inspection";
import { DiskImage } from "./.gen/providers/guestkit/disk-image";
import { GuestkitProvider } from "./.gen/providers/guestkit/provider";

interface DataDiskProps {
  readonly path: string;
  readonly size: string;
}

/** A disk with one ext4 file system, and what is seen inside it. */
class DataDisk extends Construct {
  readonly image: DiskImage;
  readonly inspection: DataGuestkitInspection;

  constructor(scope: Construct, id: string, { path, size }: DataDiskProps) {
    super(scope, id);
    this.image = new DiskImage(this, "image", {
      path,
      size,
      layout: { partitions: [{ name: "data", filesystem: "ext4", label: id }] },
    });
    this.inspection = new DataGuestkitInspection(this, "inspection", { diskImage: this.image.id });
  }
}

class Disks extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new GuestkitProvider(this, "guestkit");
    for (const name of ["orders", "customers"]) {
      const disk = new DataDisk(this, name, { path: `${name}.qcow2`, size: "64M" });
      new TerraformOutput(this, `${name}_size`, { value: disk.image.virtualSize });
      new TerraformOutput(this, `${name}_filesystem`, { value: disk.inspection.filesystems.get(0).type });
    }
  }
}

const app = new App();
new Disks(app, "disks");
app.synth();
