// The emulated chip: RV32IMAC and nothing else of what QEMU's generic core would have.
export const QEMU_CPU = [
  ...["-M", "virt", "-bios", "none", "-display", "none", "-monitor", "none"],
  ...["-cpu", "rv32,h=false,f=false,d=false,zba=false,zbb=false,zbc=false,zbs=false"],
];
