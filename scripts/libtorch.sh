#!/bin/sh
# Installs the libtorch that the tch adapter's tests link against, from the wheels that Python's
# package index has, and prints what a shell needs to build with it:
#
#     eval "$(scripts/libtorch.sh)"
#     cargo test -p paramgroups --features tch
#
# It goes to $MODLINT_LIBTORCH, or to target/libtorch; a second run finds it there and downloads
# nothing. Needs python3 with pip, about 1.1 GB while unpacking and 0.6 GB afterwards.
set -eu

torch_version=2.13.0
cuda_major=13

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
home=${MODLINT_LIBTORCH:-$root/target/libtorch}
ready=$home/ready-$torch_version

say() { printf 'libtorch.sh: %s\n' "$1" >&2; }
die() {
    say "$1"
    exit 1
}

install() {
    [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] ||
        die "wheels are laid out differently on $(uname -s) $(uname -m): install libtorch $torch_version by hand and set LIBTORCH"
    python3 -m pip --version >/dev/null 2>&1 || die "python3 with pip is needed to fetch the wheels"

    mkdir -p "$home"
    work=$(mktemp -d "$home/unpack.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    say "fetching torch $torch_version (530 MB)"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
        --dest "$work/wheels" "torch==$torch_version" \
        "nvidia-cuda-runtime==$cuda_major.*" "nvidia-cuda-cupti==$cuda_major.*" >&2

    say "unpacking"
    # torch's CPU library still names the CUDA runtime and its profiler as dependencies; they are
    # loaded and never called. libtorch.so would load the CUDA library, so the CPU one takes its place.
    python3 - "$work" <<'PYTHON'
import pathlib, shutil, sys, zipfile

work = pathlib.Path(sys.argv[1])
lib = work / "ready" / "lib"
lib.mkdir(parents=True)
wanted = {"libtorch_cpu.so", "libc10.so", "libshm.so"}
for wheel in sorted((work / "wheels").glob("*.whl")):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            path = pathlib.PurePosixPath(name)
            if name.endswith("/"):
                continue
            if path.parts[:2] == ("torch", "include"):
                target = work / "ready" / path.relative_to("torch")
            elif path.parts[:2] == ("torch", "lib") and len(path.parts) == 3 and (
                path.name in wanted or path.name.startswith("libgomp")
            ):
                target = lib / path.name
            elif path.parts[0] == "nvidia" and (
                path.name.startswith("libcudart.so") or path.name.startswith("libcupti.so")
            ):
                target = lib / path.name
            else:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as source, open(target, "wb") as out:
                shutil.copyfileobj(source, out)
    wheel.unlink()
(lib / "libtorch.so").symlink_to("libtorch_cpu.so")
PYTHON
    rm -rf "$ready"
    mv "$work/ready" "$ready"
}

[ -e "$ready/lib/libtorch.so" ] || install

quoted() { printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }
flags='-C link-arg=-Wl,--allow-shlib-undefined'
printf 'export LIBTORCH=%s\n' "$(quoted "$ready")"
printf 'export LD_LIBRARY_PATH=%s${LD_LIBRARY_PATH:+":$LD_LIBRARY_PATH"}\n' "$(quoted "$ready/lib")"
case "${RUSTFLAGS:-}" in
*"$flags"*) ;;
*) printf 'export RUSTFLAGS="${RUSTFLAGS:+$RUSTFLAGS }"%s\n' "$(quoted "$flags")" ;;
esac
