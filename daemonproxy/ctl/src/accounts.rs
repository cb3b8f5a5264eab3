//! Users and groups of options that this machine does not have.
//!
//! The daemon looks them up when it starts a service, and so accepts any name: somebody may still be
//! about to make it.

use daemonproxy_apply::Disk;
use daemonproxy_client::protocol::ServiceOption;
use daemonproxy_compile::{Account, Reader, Severity};

use crate::style::readable;

/// What there is not, such as `user web`; nothing where that cannot be known.
pub(crate) fn missing<'o>(options: impl Iterator<Item = &'o [u8]>) -> Vec<String> {
    let mut disk = Disk { missing: Some(Severity::Warning) };
    let mut missing = Vec::new();
    for option in options.filter_map(|option| ServiceOption::parse(option).ok()) {
        let (account, word, names) = match option {
            ServiceOption::User(name) => (Account::User, "user", name),
            ServiceOption::Group(names) | ServiceOption::Groups(names) => {
                (Account::Group, "group", names)
            }
            _ => continue,
        };
        for name in names.split(|&byte| byte == b':') {
            let is_number = name.iter().all(u8::is_ascii_digit);
            let is_missing = |name: &str| disk.lacks(account, name).is_some();
            if !is_number && std::str::from_utf8(name).is_ok_and(is_missing) {
                missing.push(format!("{word} {}", readable(name)));
            }
        }
    }
    missing
}
