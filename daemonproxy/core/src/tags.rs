//! `service.tags.apply`: single tags of a service are set, replaced or removed, all in one step.

use daemonproxy_protocol::{Fields, Name, Refusal};

use crate::dispatch::Outcome;
use crate::proxy::Proxy;
use crate::service::List;
use crate::system::System;

impl<S: System> Proxy<S> {
    pub(crate) fn service_tags_apply(
        &mut self,
        name: Name<'_>,
        changes: Fields<'_>,
    ) -> Outcome<'static> {
        let mut tags = std::mem::take(&mut self.list_scratch);
        tags.clear();
        if let Some(slot) = self.services.find(name) {
            tags.extend_from_slice(self.services.get(slot).list(List::Tags).as_bytes());
        }
        for change in changes.iter() {
            apply_tag(&mut tags, change);
        }
        // The event must fit into a line.
        let fits = tags.len() + name.as_bytes().len() + b"service.tags\t\t\n".len();
        let outcome = if fits <= self.limits.max_line {
            self.service_tags(name, Fields::new(&tags))
        } else {
            Err(Refusal::UnableToSetTags)
        };
        self.list_scratch = tags;
        outcome
    }
}

/// The part of a tag that tells which one it is.
fn key(tag: &[u8]) -> &[u8] {
    tag.split(|&byte| byte == b'=').next().unwrap_or_default()
}

/// Sets, replaces or removes one tag in a TAB-joined list, in place.
fn apply_tag(tags: &mut Vec<u8>, change: &[u8]) {
    let (wanted, new) = match change.strip_prefix(b"-") {
        Some(removed) => (removed, None),
        None => (key(change), Some(change)),
    };
    let mut place = 0;
    let found = (!tags.is_empty())
        .then(|| {
            tags.split(|&byte| byte == b'\t').find_map(|tag| {
                let start = place;
                place += tag.len() + 1;
                (key(tag) == wanted).then_some(start..start + tag.len())
            })
        })
        .flatten();
    match (found, new) {
        (Some(range), Some(new)) => drop(tags.splice(range, new.iter().copied())),
        (Some(range), None) => {
            // One of the TABs beside it goes too.
            let range = if range.start > 0 {
                range.start - 1..range.end
            } else {
                range.start..(range.end + 1).min(tags.len())
            };
            tags.drain(range);
        }
        (None, Some(new)) => {
            if !tags.is_empty() {
                tags.push(b'\t');
            }
            tags.extend_from_slice(new);
        }
        (None, None) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(tags: &str, changes: &[&str]) -> String {
        let mut tags = tags.as_bytes().to_vec();
        for change in changes {
            apply_tag(&mut tags, change.as_bytes());
        }
        String::from_utf8(tags).unwrap()
    }

    #[test]
    fn tags_are_set_replaced_and_removed_in_place() {
        assert_eq!(applied("", &["a"]), "a");
        assert_eq!(applied("a\tb=1\tc", &["b=2"]), "a\tb=2\tc");
        assert_eq!(applied("a\tb=1\tc", &["-b"]), "a\tc");
        assert_eq!(applied("a\tb=1\tc", &["-a", "-c"]), "b=1");
        assert_eq!(applied("a", &["-a"]), "");
        assert_eq!(applied("a=1", &["a"]), "a");
        assert_eq!(applied("a", &["-x", "b=c=d", "b="]), "a\tb=");
    }
}
