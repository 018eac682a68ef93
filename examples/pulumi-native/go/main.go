// A disk image that holds a secret, and a machine of it that is not started yet.
package main

import (
	"github.com/guestkit/guestkit/sdk/go/guestkit"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		token := config.RequireSecret(ctx, "token")
		size := config.Get(ctx, "size")
		if size == "" {
			size = "64M"
		}

		image, err := guestkit.NewDiskImage(ctx, "image", &guestkit.DiskImageArgs{
			Path:   pulumi.String("data.raw"),
			Format: pulumi.String("raw"),
			Size:   pulumi.String(size),
			Layout: guestkit.DiskImageLayoutArgs{
				Partitions: guestkit.DiskImageLayoutPartitionsArray{guestkit.DiskImageLayoutPartitionsArgs{
					Name:       pulumi.String("data"),
					Filesystem: pulumi.String("ext4"),
					Label:      pulumi.String("data"),
				}},
			},
			Files: guestkit.DiskImageFilesArray{guestkit.DiskImageFilesArgs{
				Path:          pulumi.String("/token"),
				SecretContent: token,
			}},
		})
		if err != nil {
			return err
		}

		machine, err := guestkit.NewVirtualMachine(ctx, "machine", &guestkit.VirtualMachineArgs{
			Name:      pulumi.String("native"),
			Running:   pulumi.Bool(false),
			Preflight: pulumi.String("off"),
			Disks:     guestkit.VirtualMachineDisksMap{"data": guestkit.VirtualMachineDisksArgs{Image: image.ID()}},
			CloudInit: guestkit.VirtualMachineCloudInitArgs{
				Hostname: pulumi.String("native"),
				WriteFiles: guestkit.VirtualMachineCloudInitWriteFilesArray{guestkit.VirtualMachineCloudInitWriteFilesArgs{
					Path:          pulumi.String("/run/token"),
					SecretContent: token,
				}},
			},
		})
		if err != nil {
			return err
		}

		ctx.Export("id", image.ID())
		ctx.Export("format", guestkit.GetImageInfoOutput(ctx, guestkit.GetImageInfoOutputArgs{DiskImage: image.ID()}).Format())
		ctx.Export("machineName", machine.ID())
		ctx.Export("secret", token)
		return nil
	})
}
