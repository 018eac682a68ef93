# Debian, built without root, told by cloud-init what to be, and running when the apply ends.

terraform {
  required_providers {
    guestkit = {
      source = "guestkit/guestkit"
    }
  }
}

resource "guestkit_disk_image" "debian" {
  path = "${path.module}/debian.qcow2"
  size = "3G"
  bootstrap = {
    release  = "bookworm"
    packages = ["cloud-init", "cloud-guest-utils", "openssh-server", "qemu-guest-agent", "sudo"]
  }
}

resource "guestkit_cloud_init_seed" "web" {
  path     = "${path.module}/web-seed.iso"
  hostname = "web"
  users = {
    admin = {
      sudo                = true
      ssh_authorized_keys = [trimspace(file("${path.module}/key.pub"))]
    }
  }
  runcmd = [
    "hostname > /root/made-by-cloud-init",
  ]
}

resource "guestkit_virtual_machine" "web" {
  name   = "web"
  cpus   = 2
  memory = "1G"
  disks = {
    root = { image = guestkit_disk_image.debian.id, overlay = true, size = "8G" }
  }
  cdroms = {
    seed = { image = guestkit_cloud_init_seed.web.id }
  }
  ssh = {
    user        = "admin"
    private_key = "${path.module}/key"
  }
  provision = [
    { name = "greeting", inline = ["echo \"Provisioned for $WHOM\" > /etc/motd"], environment = { WHOM = "web" } },
  ]
  wait_for = [
    { condition = "cloud_init", timeout = 1500 },
  ]
}

output "ssh" {
  value = guestkit_virtual_machine.web.ssh_command
}

output "status" {
  value = guestkit_virtual_machine.web.status
}
