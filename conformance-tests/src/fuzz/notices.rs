//! What services say of themselves, as with sd_notify(3): messages are apart by a NUL.

use super::daemon::Bytes;

/// One that is to be ready, with a watchdog and a store for descriptors.
const SERVICE: &str = "0service.args\ta\tp\n0service.options\ta\tready=notify\twatchdog=5\tfdstore=3\t\
                       ready_within=9\n0conn.features\truns\n0service.start\ta";

pub(super) fn notices(data: &[u8]) {
    let mut bytes = Bytes::new();
    SERVICE.split('\n').for_each(|line| bytes.line(line.as_bytes()));
    for (nth, text) in data.split(|&byte| byte == 0).take(64).enumerate() {
        let text: Vec<u8> = text.iter().map(|&b| if b == b'\n' { b'|' } else { b }).collect();
        let (fds, uid) = (nth % 3, u8::from(nth % 7 == 6) * 99);
        bytes.line(&[format!("!n{fds} {uid} 0 ").as_bytes(), &text].concat());
        if nth % 5 == 4 {
            bytes.line(b"!t700");
        }
    }
    bytes.line(b"0statedump");
    bytes.line(b"0service.stop\ta\t0");
    bytes.pass(20_000);
}
