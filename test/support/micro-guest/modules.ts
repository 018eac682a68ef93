/** Modules of the guest; what they need comes with them. Drivers for what QEMU offers, file systems, and little else. */
export const MODULES = [
  ...["virtio_pci", "virtio_mmio", "virtio_blk", "virtio_scsi", "virtio_net", "virtio_console", "virtio_balloon"],
  ...["virtio-rng", "virtio_input", "9p", "9pnet_virtio", "virtiofs", "vmw_vsock_virtio_transport"],
  ...["ahci", "ata_piix", "ata_generic", "nvme", "sd_mod", "sr_mod", "usb-storage", "uas"],
  ...["xhci-pci", "ehci-pci", "uhci-hcd", "usbhid", "hid-generic"],
  ...[
    "e1000",
    "e1000e",
    "8139cp",
    "button",
    "evdev",
    "pvpanic-mmio",
    "pvpanic-pci",
    "qemu_fw_cfg",
    "efivarfs",
    "i6300esb",
  ],
  ...["ext4", "crc32c_generic", "crc32c-intel", "isofs", "vfat", "nls_cp437", "nls_ascii", "nls_iso8859-1", "nls_utf8"],
  ...["overlay", "loop"],
  // Shares by servers, and what cifs asks the kernel's crypto for.
  ...["fuse", "nfsv4", "cifs", "cmac", "ccm", "gcm", "ecb", "sha512_generic"],
];

/** Modules of the initramfs that only looks for its root on a disk. */
export const BOOT_MODULES = [
  ...["virtio_pci", "virtio_blk", "virtio_scsi", "ahci", "ata_piix", "nvme", "sd_mod", "sr_mod", "usb-storage"],
  ...["xhci-pci", "ehci-pci", "uhci-hcd", "ext4", "crc32c_generic", "crc32c-intel"],
];
