# What the tests in virtual machines have in common; read by them with `.`.
#
# The machine has the kernel of Debian (the package linux-image-amd64), and its whole file system in
# memory. It is emulated, unless the processor can do better: then one boot takes seconds and not
# a minute. What is missing is said, and that test is "skipped".

# Says why a test is skipped, and is done: skip TEST WHY.
skip() {
    echo "skipped: $1: $2"
    exit 0
}

# Finds what all of them need: machine_needs TEST PROGRAM...
machine_needs() {
    test=$1
    shift
    for program in qemu-system-x86_64 cpio busybox timeout "$@"; do
        command -v "$program" >/dev/null || skip "$test" "there is no $program"
    done
    [ "$(uname -m)" = x86_64 ] || skip "$test" "the machine is for x86_64"
    kernel=$(find /boot -name 'vmlinuz-*' 2>/dev/null | sort -V | tail -n 1)
    [ -r "$kernel" ] || skip "$test" "there is no kernel in /boot"
    ! ldd "$(command -v busybox)" >/dev/null 2>&1 || skip "$test" "busybox is not static"
    dir=$(mktemp -d)
    trap 'rm -rf "$dir"' EXIT
    root=$dir/root
    mkdir -p "$root/bin" "$root/dev" "$root/proc" "$root/sys" "$root/run" "$root/tmp"
}

# Puts programs into /bin of the machine, with the libraries of those that are not static.
take() {
    for program in "$@"; do
        cp "$program" "$root/bin/"
        { ldd "$program" 2>/dev/null || true; } | grep -o '/[^ ]*' | while read -r library; do
            mkdir -p "$root${library%/*}"
            cp -L "$library" "$root$library"
        done
    done
}

# Puts busybox there, and the beginning of /init, which goes on with what is read here.
init() {
    take "$(command -v busybox)"
    cat - >"$root/init" <<'INIT'
#!/bin/busybox sh
export PATH=/bin
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
INIT
    cat >>"$root/init"
    chmod +x "$root/init"
}

# Boots it, and waits until it is off: boot SECONDS MEGABYTES [WORD OF THE KERNEL'S COMMAND LINE]...
# What it says is in $dir/console, and lines that begin with "said: " are in $dir/said without that.
boot() {
    patience=$1 memory=$2
    shift 2
    (cd "$root" && find . | cpio --quiet -o -H newc) >"$dir/initrd"
    # Only a processor with these runs a kernel that knows nothing of where it is.
    accelerator='tcg -cpu max'
    if [ -w /dev/kvm ] && grep -qwE 'vmx|svm' /proc/cpuinfo; then accelerator='kvm -cpu host'; fi
    # shellcheck disable=SC2086
    timeout "$patience" qemu-system-x86_64 -accel $accelerator -m "$memory" -nodefaults -display none \
        -no-reboot -kernel "$kernel" -initrd "$dir/initrd" -append "console=ttyS0 quiet panic=-1 $*" \
        -serial "file:$dir/console" </dev/null || echo "$test: the machine was not off after $patience s"
    tr -d '\r' <"$dir/console" | sed -n 's/^.*said: //p' >"$dir/said"
}

# Fails unless a line of what was said is that: holds EXPRESSION...
holds() {
    for line in "$@"; do
        grep -Eqx "$line" "$dir/said" || { cat "$dir/console"; echo "$test: nobody says: $line"; exit 1; }
    done
}
