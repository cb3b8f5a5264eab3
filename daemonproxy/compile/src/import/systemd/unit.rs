//! A unit, as sections with directives.

/// A directive.
#[derive(Clone, Debug)]
pub(super) struct Directive {
    pub(super) section: String,
    pub(super) key: String,
    pub(super) value: String,
}

/// The directives of a unit, in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Unit {
    pub(super) directives: Vec<Directive>,
    sections: Vec<String>,
}

impl Unit {
    /// Lines that end in a backslash go on, comments between them are left out, and an empty value
    /// takes back what stood before it.
    pub(super) fn read(text: &str) -> Result<Self, (usize, String)> {
        let mut unit = Self::default();
        let mut open = String::new();
        // What goes on ends with the file.
        for (nth, line) in text.lines().chain([""]).enumerate() {
            let wrong = |why: &str| (nth + 1, why.to_owned());
            let trimmed = line.trim();
            if trimmed.starts_with(['#', ';']) || (trimmed.is_empty() && open.is_empty()) {
                continue;
            }
            open.push_str(trimmed);
            if open.ends_with('\\') && !trimmed.is_empty() {
                open.pop();
                open.push(' ');
                continue;
            }
            let whole = std::mem::take(&mut open);
            let whole = whole.trim();
            if let Some(rest) = whole.strip_prefix('[') {
                let section = rest.strip_suffix(']').ok_or_else(|| wrong("expected a ]"))?;
                unit.sections.push(section.to_owned());
                continue;
            }
            if whole.is_empty() {
                continue;
            }
            let (key, value) = whole.split_once('=').ok_or_else(|| wrong("expected KEY=VALUE"))?;
            let section = unit.sections.last().ok_or_else(|| wrong("expected a [SECTION]"))?;
            let (section, key) = (section.clone(), key.trim().to_owned());
            let value = value.trim().to_owned();
            if value.is_empty() {
                unit.directives.retain(|it| it.section != section || it.key != key);
            } else {
                unit.directives.push(Directive { section, key, value });
            }
        }
        Ok(unit)
    }

    pub(super) fn has_section(&self, section: &str) -> bool {
        self.sections.iter().any(|it| it == section)
    }

    pub(super) fn all<'u>(&'u self, section: &str, key: &str) -> impl Iterator<Item = &'u str> {
        let is = move |it: &&Directive| it.section == section && it.key == key;
        let found: Vec<&str> = self.directives.iter().filter(is).map(|it| &*it.value).collect();
        found.into_iter()
    }

    pub(super) fn last(&self, section: &str, key: &str) -> Option<&str> {
        self.all(section, key).last()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_on() {
        let unit = Unit::read("[A]\nb=1 \\\n# c\n  2\nb=\nb=3\nd=4 \\\n").unwrap();
        assert_eq!(unit.all("A", "b").collect::<Vec<_>>(), ["3"]);
        assert_eq!(unit.last("A", "d"), Some("4"));
        let unit = Unit::read("[A]\nb=1 \\\n# c\n  2\n").unwrap();
        assert_eq!(unit.last("A", "b"), Some("1  2"));
    }
}
