//! What a controller that has given rights away may still hear (`conn.restrict`).
//!
//! That it hears all of that, and can do nothing else, is shown elsewhere, by a comparison with a
//! connection that has kept them. Here it is only made sure that nothing else comes, whatever
//! happens.

use super::show::show;

/// What one controller has given away.
#[derive(Default)]
pub(super) struct Rights {
    /// It has asked for that; when it was done is not always known.
    pub(super) asked: bool,
    /// By commands that are under way: the echo after each, and its patterns.
    under_way: Vec<(u32, Vec<String>)>,
    /// For certain: the patterns of each command.
    given: Option<Vec<Vec<String>>>,
    /// The number of its connection, as it was told.
    number: Option<String>,
}

impl Rights {
    /// It asks; with an echo, that will tell when it is done.
    pub(super) fn ask<'g>(&mut self, echo: Option<u32>, globs: impl Iterator<Item = &'g [u8]>) {
        self.asked = true;
        let globs = globs.map(|glob| String::from_utf8_lossy(glob).into_owned());
        self.under_way.extend(echo.map(|echo| (echo, globs.collect())));
    }

    /// It never had more than this.
    pub(super) fn begin_with(&mut self, globs: &[&str]) {
        self.given = Some(vec![globs.iter().map(|&glob| glob.to_owned()).collect()]);
    }

    /// Everything up to this echo is done, and what it belongs to was or was not refused.
    pub(super) fn done(&mut self, echo: u32, refused: bool) {
        if let Some(at) = self.under_way.iter().position(|(asked, _)| *asked == echo) {
            let (_, globs) = self.under_way.remove(at);
            if !refused {
                let given = self.given.get_or_insert_default();
                given.extend(Some(globs).filter(|globs| !globs.is_empty()));
            }
        }
        self.under_way.retain(|(asked, _)| *asked > echo);
    }

    /// Whether it may hear this line, which is none that it has asked for by `echo`.
    pub(super) fn check(&mut self, line: &[u8]) -> Result<(), String> {
        let Some(given) = &self.given else { return Ok(()) };
        let text = String::from_utf8_lossy(line);
        let fields: Vec<&str> = text.split('\t').collect();
        let sees = |name: &str| given.iter().all(|any| any.iter().any(|glob| is_like(name, glob)));
        let may_name = |name: &str| matches!(name, "" | "-" | "*") || sees(name);
        // Names of others stand behind a colon in conditions.
        let hides = |triggers: &str| {
            let names = triggers.split(',').filter_map(|condition| condition.split_once(':'));
            names.map(|(_, name)| name).all(may_name)
        };
        let rest = fields.get(2..).unwrap_or_default();
        let is_right = match fields[0] {
            "service.state" | "service.tags" | "service.args" => sees(fields[1]),
            "service.fds" => sees(fields[1]) && rest.iter().all(|&name| may_name(name)),
            "service.auto_up" => sees(fields[1]) && rest.iter().all(|trigger| hides(trigger)),
            "service.run" => {
                let mut why = rest.iter().filter_map(|fact| fact.strip_prefix("why="));
                sees(fields[1]) && why.all(hides)
            }
            "error" => match text.rsplit_once(", for service \"") {
                Some((reason, service)) => {
                    let fd = reason.strip_prefix("error\tfd \"");
                    let fd = fd.and_then(|rest| rest.strip_suffix("\" does not exist"));
                    sees(service.trim_end_matches('"')) && fd.is_none_or(may_name)
                }
                None => true,
            },
            // Of its own connection, and of no other.
            "conn.state" => *self.number.get_or_insert(fields[1].to_owned()) == fields[1],
            "done" | "conn.features" | "conn.timer" | "log.filter" | "overflow" => true,
            _ => false,
        };
        if is_right { Ok(()) } else { Err(format!("rights: {:?} may not be heard", show(line))) }
    }
}

/// The slow and obvious way.
fn is_like(name: &str, glob: &str) -> bool {
    match glob.split_at_checked(1) {
        None => name.is_empty(),
        Some(("*", rest)) => (0..=name.len()).any(|at| is_like(&name[at..], rest)),
        Some((first, rest)) => {
            (first == "?" && !name.is_empty() || name.starts_with(first))
                && is_like(&name[1..], rest)
        }
    }
}
