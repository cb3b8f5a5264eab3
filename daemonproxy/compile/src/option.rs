//! Keys of a service that are options of the grammar by their own name.

use daemonproxy_protocol::ServiceOption;
use daemonproxy_protocol::tables::{OPTIONS, OptionInfo};
use toml::de::DeValue;

use crate::keys::{DURATIONS, Key, Kind, SERVICE, SIZES};
use crate::text::quote;
use crate::value;

/// The option of this name, if it is a key.
pub(crate) fn find(name: &str) -> Option<&'static OptionInfo> {
    keys().find(|info| info.name == name)
}

/// The options that are keys by their own name: all but those that a group has.
pub fn keys() -> impl Iterator<Item = &'static OptionInfo> {
    OPTIONS.iter().filter(|info| info.name != "args" && group_of(info.name).is_none())
}

/// The key that stands for an option, as it is written: `stop.after`.
pub(crate) fn group_of(option: &str) -> Option<String> {
    fn inner(keys: &'static [Key], option: &str) -> Option<String> {
        keys.iter().find_map(|key| {
            if key.option == Some(option) {
                return Some(key.name.to_owned());
            }
            let (Kind::Table(more) | Kind::WordOrTable(_, more) | Kind::SignalOrTable(more)) =
                key.kind
            else {
                return None;
            };
            Some(format!("{}.{}", key.name, inner(more, option)?))
        })
    }
    inner(SERVICE, option)
}

/// Whether this daemon's language has an option.
pub(crate) fn is_known(name: &str) -> bool {
    OPTIONS.iter().any(|info| info.name == name)
}

/// The option as the daemon gets it; `None` if it is switched off (`false`).
pub(crate) fn text(info: &OptionInfo, value: &DeValue<'_>) -> Result<Option<String>, String> {
    let name = info.name;
    let text = match value {
        DeValue::Boolean(false) => return Ok(None),
        DeValue::Boolean(true) => name.to_owned(),
        DeValue::String(text) => {
            let seconds = DURATIONS.contains(&name).then(|| value::duration(text)).flatten();
            let bytes = SIZES.contains(&name).then(|| value::size(text)).flatten();
            match seconds.or(bytes) {
                Some(number) => format!("{name}={number}"),
                None => format!("{name}={text}"),
            }
        }
        DeValue::Integer(number) => {
            // `027` is no number in TOML, and `27` is one in decimal.
            let octal = info.what.contains("octal");
            let number = i64::from_str_radix(&number.as_str().replace('_', ""), number.radix())
                .map_err(|_| "the number is too large".to_owned())
                .map(|parsed| (parsed, number.radix()))?;
            match number {
                (number, 8) if octal => format!("{name}={number:o}"),
                _ if octal => return Err("write it as a text, such as \"027\", or as 0o027".into()),
                (number, _) => format!("{name}={number}"),
            }
        }
        DeValue::Float(number) => format!("{name}={}", number.as_str()),
        DeValue::Array(all) => {
            let words: Option<Vec<&str>> = all
                .iter()
                .map(|one| match one.get_ref() {
                    DeValue::String(text) => Some(&**text),
                    DeValue::Integer(number) => Some(number.as_str()),
                    _ => None,
                })
                .collect();
            let words = words.ok_or_else(|| expected(info))?;
            format!("{name}={}", words.join(":"))
        }
        DeValue::Table(_) | DeValue::Datetime(_) => return Err(expected(info)),
    };
    match ServiceOption::parse(text.as_bytes()) {
        Ok(_) if text.bytes().all(|byte| byte >= 0x20) => Ok(Some(text)),
        _ => Err(expected(info)),
    }
}

/// What may be written, in the language of the file.
fn expected(info: &OptionInfo) -> String {
    let shown: Vec<_> = info.examples.iter().map(|example| toml(info, example)).collect();
    let (what, end) = (info.what, if shown.len() > 1 { "s" } else { "" });
    format!("the option is {what}; example{end}: {}", shown.join(", "))
}

/// An option as a line of the file.
pub(crate) fn toml(info: &OptionInfo, option: &str) -> String {
    let name = info.name;
    match option.split_once('=') {
        None => format!("{name} = true"),
        Some((_, value)) => {
            let is_number = !info.what.contains("octal") && is_number(value);
            if is_number {
                format!("{name} = {value}")
            } else {
                format!("{name} = {}", quote(value))
            }
        }
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits == "0"
        || (!digits.starts_with('0')
            && !digits.is_empty()
            && digits.len() < 18
            && digits.bytes().all(|it| it.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_groups_are_no_keys() {
        assert_eq!(group_of("stop_after").as_deref(), Some("stop.after"));
        assert_eq!(group_of("backoff").as_deref(), Some("restart.max"));
        assert_eq!(group_of("limit").as_deref(), Some("limits"));
        assert!(find("stop_after").is_none() && find("args").is_none() && find("cwd").is_some());
    }

    /// Whatever the grammar has can be written in the file.
    #[test]
    fn every_example_of_the_grammar_can_be_written() {
        for info in keys() {
            for example in info.examples {
                let line = toml(info, example);
                let table = toml::de::DeTable::parse(&line).unwrap();
                let value = table.get_ref().values().next().unwrap();
                assert_eq!(text(info, value.get_ref()), Ok(Some((*example).to_owned())), "{line}");
            }
        }
    }
}
