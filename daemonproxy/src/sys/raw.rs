//! System calls with nothing between us and the kernel.
//!
//! The C library's wrappers leave the number of an error in `errno`. A child that shares our memory
//! could overwrite ours between our call and our check of its result. These functions return it
//! instead, and touch no memory but that of their arguments.

use std::ffi::{c_int, c_long};

use daemonproxy_core::Errno;

/// Whether that is true of this processor. Where it is not, no child shares our memory.
pub(super) const LEAVES_ERRNO_ALONE: bool =
    cfg!(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64"));

/// A call, as syscall(2) describes it for this processor.
///
/// # Safety
///
/// What the call itself demands, of its pointers above all.
#[cfg(target_arch = "x86_64")]
pub(super) unsafe fn call(number: c_long, args: [usize; 5]) -> Result<usize, Errno> {
    let result: isize;
    // SAFETY: the caller's; the kernel keeps all registers but these.
    unsafe {
        std::arch::asm!(
            "syscall",
            inlateout("rax") number as isize => result,
            in("rdi") args[0], in("rsi") args[1], in("rdx") args[2], in("r10") args[3], in("r8") args[4],
            lateout("rcx") _, lateout("r11") _,
            options(nostack),
        );
    }
    outcome(result)
}

/// The same.
///
/// # Safety
///
/// The same.
#[cfg(target_arch = "aarch64")]
pub(super) unsafe fn call(number: c_long, args: [usize; 5]) -> Result<usize, Errno> {
    let result: isize;
    // SAFETY: the caller's; the kernel keeps all registers but these.
    unsafe {
        std::arch::asm!(
            "svc 0",
            in("x8") number,
            inlateout("x0") args[0] => result,
            in("x1") args[1], in("x2") args[2], in("x3") args[3], in("x4") args[4],
            options(nostack),
        );
    }
    outcome(result)
}

/// The same.
///
/// # Safety
///
/// The same.
#[cfg(target_arch = "riscv64")]
pub(super) unsafe fn call(number: c_long, args: [usize; 5]) -> Result<usize, Errno> {
    let result: isize;
    // SAFETY: the caller's; the kernel keeps all registers but these.
    unsafe {
        std::arch::asm!(
            "ecall",
            in("a7") number,
            inlateout("a0") args[0] => result,
            in("a1") args[1], in("a2") args[2], in("a3") args[3], in("a4") args[4],
            options(nostack),
        );
    }
    outcome(result)
}

/// The C library's, for every other processor.
///
/// # Safety
///
/// What the call itself demands, of its pointers above all.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")))]
pub(super) unsafe fn call(number: c_long, args: [usize; 5]) -> Result<usize, Errno> {
    let [a, b, c, d, e] = args;
    // SAFETY: the caller's.
    let result = unsafe { libc::syscall(number, a, b, c, d, e) };
    nix::errno::Errno::result(result).map(|result| result as usize).map_err(super::errno)
}

/// The kernel answers with the negative number of an error, of which 4095 is the highest.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64"))]
fn outcome(result: isize) -> Result<usize, Errno> {
    if (-4095..0).contains(&result) { Err(Errno(-result as c_int)) } else { Ok(result as usize) }
}

/// An argument that is an int. The kernel looks at its lower half only.
pub(super) fn int(number: c_int) -> usize {
    number as usize
}
