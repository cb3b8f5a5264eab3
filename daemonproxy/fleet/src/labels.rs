//! Which nodes are meant: by their labels.

use std::collections::BTreeMap;

use crate::failure::{Failure, Result, USAGE};

/// All of these must hold. None at all means every node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selector(Vec<(String, Option<String>)>);

impl Selector {
    /// `KEY=VALUE`, or `KEY` for any value; several are separated by commas.
    pub(crate) fn parse(texts: &[String]) -> Result<Self> {
        let parts = texts.iter().flat_map(|it| it.split(','));
        let all = parts.map(|part| match part.split_once('=') {
            Some((key, value)) => (key.to_owned(), Some(value.to_owned())),
            None => (part.to_owned(), None),
        });
        let all: Vec<_> = all.collect();
        match all.iter().any(|(key, _)| key.is_empty()) {
            true => Err(Failure::new(USAGE, "a label to choose by is KEY=VALUE or KEY")),
            false => Ok(Self(all)),
        }
    }

    pub(crate) fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        let has = |key: &String, value: &Option<String>| match (labels.get(key), value) {
            (Some(is), Some(wanted)) => is == wanted,
            (is, None) => is.is_some(),
            (None, Some(_)) => false,
        };
        self.0.iter().all(|(key, value)| has(key, value))
    }
}

#[cfg(test)]
mod tests {
    use super::Selector;

    #[test]
    fn all_must_hold() {
        let labels = [("role", "web"), ("rack", "2")];
        let labels = labels.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        for (text, is) in
            [("role=web", true), ("role=web,rack", true), ("role=db", false), ("x", false)]
        {
            assert_eq!(Selector::parse(&[text.to_owned()]).unwrap().matches(&labels), is, "{text}");
        }
        assert!(Selector::default().matches(&labels));
        assert!(Selector::parse(&["=x".to_owned()]).is_err());
    }
}
