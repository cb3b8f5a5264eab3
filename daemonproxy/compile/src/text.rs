//! Values as they are written in TOML.

/// A text: without escapes where that is possible.
pub(crate) fn quote(text: &str) -> String {
    let is_plain = text.chars().all(|c| c >= ' ' && c != '\u{7f}');
    if is_plain && text.contains(['"', '\\']) && !text.contains('\'') {
        return format!("'{text}'");
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' || c == '\u{7f}' => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A text of several lines, if that is more readable.
pub(crate) fn lines(text: &str) -> String {
    let is_plain = text.chars().all(|c| c >= ' ' || c == '\n') && !text.contains("'''");
    if text.contains('\n') && is_plain && !text.ends_with('\'') && !text.contains('\u{7f}') {
        return format!("'''\n{text}'''");
    }
    quote(text)
}

/// A key.
pub(crate) fn key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(is_bare) { name.to_owned() } else { quote(name) }
}

/// A list of texts.
pub(crate) fn list<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let texts: Vec<_> = texts.into_iter().map(quote).collect();
    format!("[{}]", texts.join(", "))
}

/// A table on one line, of keys and values that are written already.
pub(crate) fn table<'t>(entries: impl IntoIterator<Item = (&'t str, String)>) -> String {
    let entries = entries.into_iter().map(|(name, value)| format!("{} = {value}", key(name)));
    format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use toml::de::DeTable;

    #[test]
    fn what_is_written_is_read() {
        for text in
            ["", "a", "a\"b", "a\\b'", "'\"\\", "a\nb\t\u{1}\u{7f}ü", "'''\n", "\na\n", "x'\n'"]
        {
            for written in [quote(text), lines(text)] {
                let line = format!("{} = {written}", key(text));
                let table = DeTable::parse(&line).unwrap();
                let (name, value) = table.get_ref().iter().next().unwrap();
                assert_eq!(
                    (&**name.get_ref(), value.get_ref().as_str()),
                    (text, Some(text)),
                    "{line}"
                );
            }
        }
    }
}
