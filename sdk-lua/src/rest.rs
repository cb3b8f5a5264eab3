//! What is given back to the system when the script has come to rest for the first time.
//!
//! Starting needs the compiler of the interpreter, the client's source and the parsing of options;
//! waiting for events needs little of that. With each page of the program file that is touched the
//! kernel maps its whole neighbourhood, so after the start nearly all of it counts as resident.
//! What is needed again comes back by itself.

use std::time::Duration;

/// How long nothing must have happened.
pub(crate) const AFTER: Duration = Duration::from_secs(1);

unsafe extern "C" {
    /// Where the program begins, and where its code ends: both made by the linker. Everything in
    /// between is read-only and as it is in the file, even in a position-independent program.
    static __executable_start: u8;
    static etext: u8;
}

/// Unmaps the program's own pages, and returns memory that was freed.
pub(crate) fn give_back() {
    // SAFETY: the two are addresses only. Pages of a file that were never written to are read from
    // it again when they are next touched, including those of this function; so only what counts as
    // resident changes. malloc_trim has no requirements.
    unsafe {
        libc::malloc_trim(0);
        let page = usize::try_from(libc::sysconf(libc::_SC_PAGESIZE)).unwrap_or(4096);
        let begin = (&raw const __executable_start).addr().next_multiple_of(page);
        let end = (&raw const etext).addr() / page * page;
        if begin < end {
            let begin = (&raw const __executable_start).with_addr(begin).cast_mut();
            libc::madvise(begin.cast(), end - begin.addr(), libc::MADV_DONTNEED);
        }
    }
}
