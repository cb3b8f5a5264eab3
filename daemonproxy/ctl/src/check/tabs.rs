//! TABs that nobody sees: two in a row, with an empty field between them, and one at the end of a
//! line.

use daemonproxy_client::Command;

/// What is wrong with the TABs of a line, and the line without the surplus ones; `None` if nothing
/// is wrong.
///
/// An empty list is written with one TAB at its end, as in a dump: that changes nothing.
pub(super) fn surplus(line: &[u8]) -> Option<(&'static str, Vec<u8>)> {
    let doubled = line.windows(2).any(|pair| pair == b"\t\t");
    let text = if doubled {
        "there are two TABs in a row, and so an empty field between them"
    } else if line.ends_with(b"\t") {
        "there is a TAB at the end of the line, and so an empty field after it"
    } else {
        return None;
    };
    let fields = line.split(|&byte| byte == b'\t').filter(|field| !field.is_empty());
    let better = fields.collect::<Vec<_>>().join(&b'\t');
    let means_the_same =
        Command::parse(line).is_ok() && Command::parse(line) == Command::parse(&better);
    (!means_the_same).then_some((text, better))
}

#[cfg(test)]
mod tests {
    use super::surplus;

    #[test]
    fn an_empty_list_may_be_written_with_a_tab() {
        assert_eq!(surplus(b"service.tags\tweb\t"), None);
        assert_eq!(surplus(b"service.args\tweb\thttpd"), None);
        assert_eq!(surplus(b"service.args\tweb\t\thttpd").unwrap().1, b"service.args\tweb\thttpd");
        assert_eq!(surplus(b"service.start\tweb\t").unwrap().1, b"service.start\tweb");
    }
}
