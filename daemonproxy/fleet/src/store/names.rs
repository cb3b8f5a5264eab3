//! Names of nodes, and names of services as parts of a subject.

use crate::failure::{Failure, Result, USAGE};

/// Whether a node can have this name: `[A-Za-z0-9_-]+`, not `_meta`, and not endless.
pub(crate) fn is_node(name: &str) -> bool {
    !name.is_empty() && name.len() <= 63 && name.bytes().all(is_plain) && !name.starts_with('_')
}

/// The name of a node that somebody has typed.
pub(crate) fn node(name: &str) -> Result<&str> {
    if is_node(name) {
        return Ok(name);
    }
    let rule = "1 to 63 characters out of A-Z a-z 0-9 _ -, not beginning with _";
    Err(Failure::new(USAGE, format!("{name:?} cannot be the name of a node: it has {rule}")))
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// The subject that a key is.
pub(crate) fn subject(bucket: &str, key: &str) -> String {
    format!("$KV.{bucket}.{key}")
}

/// Where a node is asked for the end of a log.
pub(crate) fn logs(node: &str) -> String {
    format!("dp.logs.{node}")
}

/// Any name as one part of a subject: what is special there becomes `=XX`.
pub(crate) fn escaped(name: &[u8]) -> String {
    let one = |&byte: &u8| match is_plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("={byte:02X}"),
    };
    name.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::{escaped, is_node};

    #[test]
    fn names_of_services_are_one_part_of_a_subject() {
        for (name, part) in [("web-1", "web-1"), ("a.b", "a=2Eb"), ("*", "=2A"), ("a=b", "a=3Db")] {
            assert_eq!(escaped(name.as_bytes()), part);
        }
    }

    #[test]
    fn names_of_nodes() {
        assert!(is_node("n1") && is_node("Web_3-a"));
        for wrong in ["", "a.b", "*", ">", "a b", "_meta", "ü", &"x".repeat(64)] {
            assert!(!is_node(wrong), "{wrong:?}");
        }
    }
}
