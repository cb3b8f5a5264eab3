//! Receiving from a socket, with what comes along: descriptors that are passed, and who has sent
//! them (unix(7), cmsg(3)).

use daemonproxy_core::{Credentials, Errno, Fd, Pid};

use super::fd::not_now;

/// The most descriptors that one message can carry (SCM_MAX_FD, unix(7)).
const SCM_MAX_FD: usize = 253;
/// Bytes of control data for these, and for the credentials: each has a header.
const CONTROL_SPACE: usize = 128 + SCM_MAX_FD * size_of::<i32>();
/// The same, in words: control data must be aligned like its header.
type Control = [u64; CONTROL_SPACE.div_ceil(8)];

/// What came along.
pub(super) enum Along {
    /// A descriptor, which is ours now.
    Fd(Fd),
    /// Who has sent the message.
    Sender(Credentials),
}

/// What has been received.
pub(super) struct Received {
    pub(super) bytes: usize,
    /// There was more than there is room for.
    pub(super) is_cut: bool,
}

/// Receives bytes, or one message, and calls `along` for each thing that came with it. "Nothing
/// now" is `None`.
///
/// Written on libc, because the safe wrapper allocates for every message that carries descriptors.
pub(super) fn receive(
    from: Fd,
    space: &mut [u8],
    mut along: impl FnMut(Along),
) -> Result<Option<Received>, Errno> {
    let mut control = std::mem::MaybeUninit::<Control>::uninit();
    let mut piece = libc::iovec { iov_base: space.as_mut_ptr().cast(), iov_len: space.len() };
    // SAFETY: an all-zero msghdr is a valid one: null pointers and no lengths.
    let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
    message.msg_iov = &raw mut piece;
    message.msg_iovlen = 1;
    message.msg_control = control.as_mut_ptr().cast();
    message.msg_controllen = size_of::<Control>() as _;
    // SAFETY: the kernel writes at most the lengths given into `space` and `control`, both of which
    // are ours alone during the call.
    let count = unsafe {
        libc::recvmsg(from.0, &raw mut message, libc::MSG_DONTWAIT | libc::MSG_CMSG_CLOEXEC)
    };
    let count = not_now(nix::errno::Errno::result(count).map(|count| count as usize))?;
    // Nothing was received: `message` still says how large `control` is, and nothing is in there.
    let Some(bytes) = count else { return Ok(None) };
    // SAFETY: `message` and its control data were filled in by the kernel, since it has received
    // something, or found the end; CMSG_FIRSTHDR and CMSG_NXTHDR stay within msg_controllen
    // (cmsg(3)), and the data of SCM_RIGHTS are as many ints as its length says, those of
    // SCM_CREDENTIALS one ucred.
    unsafe {
        let mut header = libc::CMSG_FIRSTHDR(&raw const message);
        while !header.is_null() {
            let data = libc::CMSG_DATA(header);
            match ((*header).cmsg_level, (*header).cmsg_type) {
                (libc::SOL_SOCKET, libc::SCM_RIGHTS) => {
                    let length = (*header).cmsg_len as usize - libc::CMSG_LEN(0) as usize;
                    for at in 0..length / size_of::<i32>() {
                        along(Along::Fd(Fd(data.cast::<i32>().add(at).read_unaligned())));
                    }
                }
                (libc::SOL_SOCKET, libc::SCM_CREDENTIALS) => {
                    let libc::ucred { uid, gid, pid } = data.cast::<libc::ucred>().read_unaligned();
                    along(Along::Sender(Credentials { uid, gid, pid: Pid(pid) }));
                }
                _ => {}
            }
            header = libc::CMSG_NXTHDR(&raw const message, header);
        }
    }
    let is_cut = message.msg_flags & (libc::MSG_TRUNC | libc::MSG_CTRUNC) != 0;
    Ok(Some(Received { bytes, is_cut }))
}
