#!/bin/sh
# Puts the crates that `fixtures/oracle-tch-ported` builds below target/ported: each as it was
# published (target/ported/original), and a copy moved to the tch of the oracle by its patch.
# A second run finds them there. Needs cargo and patch, nothing else.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
home=$root/target/ported
patches=$root/fixtures/oracle-tch-ported/patches

die() {
    printf 'ported.sh: %s\n' "$1" >&2
    exit 1
}

mkdir -p "$home/original"
for patch in "$patches"/*.patch; do
    name=$(basename "$patch" .patch)
    crate=${name%-*}
    version=${name##*-}
    if [ ! -d "$home/original/$name" ]; then
        # `cargo info` unpacks exactly this crate, and none of its dependencies.
        (cd / && CARGO_HOME="$home/cargo" cargo info --quiet "$crate@$version" >/dev/null) ||
            die "can't fetch $crate $version"
        for source in "$home"/cargo/registry/src/*/"$name"; do
            [ -d "$source" ] || die "cargo did not unpack $crate $version"
            cp -R "$source" "$home/original/$name"
        done
    fi
    if [ ! -e "$home/$name/.ported" ] || [ "$patch" -nt "$home/$name/.ported" ]; then
        rm -rf "${home:?}/$name"
        cp -R "$home/original/$name" "$home/$name"
        patch --quiet --strip 1 --directory "$home/$name" <"$patch" || die "$patch does not fit"
        touch "$home/$name/.ported"
    fi
done
