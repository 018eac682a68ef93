terraform {
  required_providers {
    guestkit = { source = "guestkit/guestkit" }
  }
}

provider "guestkit" {}

resource "guestkit_disk_image" "ubuntu" {
  path   = "/var/lib/libvirt/images/ubuntu.qcow2"
  format = "qcow2"
  size   = "20G"
}

data "guestkit_inspection" "ubuntu" {
  disk_image = guestkit_disk_image.ubuntu.id
}

output "os_info" {
  value = {
    type    = data.guestkit_inspection.ubuntu.os_type
    distro  = data.guestkit_inspection.ubuntu.distro
    version = data.guestkit_inspection.ubuntu.version
  }
}
