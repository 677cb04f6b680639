"""Makes the CUDA build of PyTorch importable on a machine without the CUDA libraries.

For a machine that reaches package registries only: there `pip install torch` brings the CUDA build, which refuses to
load without gigabytes of further libraries that a CPU run never calls. On an ordinary PC install PyTorch's CPU build
instead, as its own page says, and leave this script alone.

In:  the site-packages folder of an environment with `torch` and `nvidia-cuda-runtime`, both installed --no-deps.
Out: in torch/lib, a copy of libcudart and one small stub library for each library that is asked for and absent.
     Every function of a stub returns 999 (cudaErrorUnknown), so torch.cuda.is_available() is False.
Needs: gcc, readelf and nm. Touches nothing outside torch/lib; safe to run again.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

WANTED = re.compile(r"^lib(cu|nccl|nvshmem|nvrtc|nvJitLink|nvToolsExt|nvidia)")
# Which library answers for which symbols; the first match wins, so longer prefixes stand first.
PREFIXES = [
    ("libcublasLt", ("cublasLt",)),
    ("libcublas", ("cublas",)),
    ("libcusolver", ("cusolver",)),
    ("libcusparseLt", ("cusparseLt",)),
    ("libcusparse", ("cusparse",)),
    ("libcudnn", ("cudnn",)),
    ("libcufft", ("cufft",)),
    ("libcurand", ("curand",)),
    ("libcupti", ("cupti",)),
    ("libcufile", ("cuFile",)),
    ("libnccl", ("nccl", "pnccl")),
    ("libnvshmem", ("nvshmem",)),
    ("libnvrtc", ("nvrtc",)),
    ("libnvJitLink", ("nvJitLink", "__nvJitLink")),
    ("libcudart", ("cuda", "__cuda")),
    ("libcuda", ("cu",)),
]


def needed(library: pathlib.Path) -> list[str]:
    text = subprocess.run(["readelf", "-d", str(library)], capture_output=True, text=True, check=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.+?)\]", text)


def undefined(library: pathlib.Path) -> list[tuple[str, str]]:
    """Undefined symbols of a library with the version node that they ask for ('' when none)."""
    text = subprocess.run(["nm", "-D", "--undefined-only", str(library)], capture_output=True, text=True, check=True)
    found = []
    for line in text.stdout.splitlines():
        name, _, version = line.split()[-1].partition("@")
        found.append((name, version.lstrip("@")))
    return found


def owner(symbol: str) -> str:
    for library, prefixes in PREFIXES:
        if symbol.startswith(prefixes):
            return library
    return ""


def make_stub(folder: pathlib.Path, soname: str, symbols: dict[str, str]) -> None:
    stem = soname.split(".so")[0]
    source = "".join(f"int {name}(void) {{ return 999; }}\n" for name in sorted(symbols)) or "int earshot_stub;\n"
    nodes: dict[str, list[str]] = {}
    for name, version in symbols.items():
        nodes.setdefault(version, []).append(name)
    with tempfile.TemporaryDirectory() as temporary:
        code = pathlib.Path(temporary) / "stub.c"
        code.write_text(source)
        command = ["gcc", "-shared", "-fPIC", "-w", "-fno-builtin", f"-Wl,-soname,{soname}", "-o", str(folder / soname)]
        versions = {v: names for v, names in nodes.items() if v}
        if versions:
            script = pathlib.Path(temporary) / "stub.map"
            script.write_text("".join(f"{v} {{ global: {'; '.join(n)}; }};\n" for v, n in versions.items()))
            command.append(f"-Wl,--version-script={script}")
        subprocess.run(command + [str(code)], check=True)
    print(f"  {stem}: {len(symbols)} symbols")


def main(site_packages: str) -> int:
    root = pathlib.Path(site_packages)
    folder = root / "torch" / "lib"
    if not folder.is_dir():
        print(f"cpu_torch: {folder} is not a folder; install torch there first", file=sys.stderr)
        return 2
    for runtime in root.glob("nvidia/**/libcudart.so.*"):
        shutil.copy2(runtime, folder / runtime.name)
    libraries = [p for p in folder.glob("*.so*") if not (folder / (p.name + ".stub")).exists()]
    asked: dict[str, dict[str, str]] = {}
    symbols: dict[str, dict[str, str]] = {}
    for library in libraries:
        for name in needed(library):
            if WANTED.match(name) and not (folder / name).exists():
                asked.setdefault(name, {})
        for name, version in undefined(library):
            if owner(name):
                symbols.setdefault(owner(name), {})[name] = version
    for soname in sorted(asked):
        make_stub(folder, soname, symbols.get(soname.split(".so")[0].split("_")[0], {}))
    print(f"cpu_torch: {len(asked)} stub libraries in {folder}")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print(__doc__)
        sys.exit(2)
    sys.exit(main(sys.argv[1]))
