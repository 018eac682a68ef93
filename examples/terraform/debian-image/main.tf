# A Debian image that boots, built by an ordinary user, then inspected. Run it with:
#   npm run provider:install && terraform init && terraform apply
terraform {
  required_version = ">= 1.5"
  required_providers {
    guestkit = { source = "guestkit/guestkit" }
  }
}

variable "path" {
  description = "Where the image is made."
  type        = string
  default     = "debian.qcow2"
}

provider "guestkit" {}

resource "guestkit_disk_image" "debian" {
  path = var.path
  size = "4G"

  bootstrap = {
    release  = "bookworm"
    packages = ["openssh-server"]
    hostname = "web"
    users = {
      admin = { sudo = true }
    }
  }

  files = [
    {
      path    = "/etc/motd"
      content = "Made by guestkit\n"
    },
  ]
}

data "guestkit_inspection" "debian" {
  disk_image = guestkit_disk_image.debian.id
}

output "system" {
  value = {
    type     = data.guestkit_inspection.debian.os_type
    distro   = data.guestkit_inspection.debian.distro
    version  = data.guestkit_inspection.debian.version
    name     = data.guestkit_inspection.debian.product_name
    hostname = data.guestkit_inspection.debian.hostname
    arch     = data.guestkit_inspection.debian.arch
    packages = length(data.guestkit_inspection.debian.packages)
  }
}
