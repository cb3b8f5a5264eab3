//! `{n}` in the texts of a service with instances.

/// A text of an instance: `{n}` is its number, and `{{n}}` is `{n}`. Of a service without instances
/// it stays as it is.
pub(crate) fn fill(text: &str, number: Option<u32>) -> String {
    let Some(number) = number.map(|number| number.to_string()) else { return text.to_owned() };
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("{{n}}") {
            out.push_str("{n}");
            rest = after;
        } else if let Some(after) = rest.strip_prefix("{n}") {
            out.push_str(&number);
            rest = after;
        } else {
            out.push('{');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}
