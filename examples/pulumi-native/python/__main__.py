"""A disk image that holds a secret, and a machine of it that is not started yet."""

import pulumi
import pulumi_guestkit as guestkit

config = pulumi.Config()
token = config.require_secret("token")

image = guestkit.DiskImage(
    "image",
    path="data.raw",
    format="raw",
    size=config.get("size") or "64M",
    layout={"partitions": [{"name": "data", "filesystem": "ext4", "label": "data"}]},
    files=[{"path": "/token", "secret_content": token}],
)

machine = guestkit.VirtualMachine(
    "machine",
    name="native",
    running=False,
    preflight="off",
    disks={"data": {"image": image.id}},
    cloud_init={"hostname": "native", "write_files": [{"path": "/run/token", "secret_content": token}]},
)

pulumi.export("id", image.id)
# Not .format: every output has a method of that name.
pulumi.export("format", guestkit.get_image_info_output(disk_image=image.id).apply(lambda info: info.format))
pulumi.export("machineName", machine.id)
pulumi.export("secret", token)
