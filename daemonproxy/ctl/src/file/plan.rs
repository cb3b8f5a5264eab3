//! `plan`: what applying a file would change.

use std::path::Path;

use daemonproxy_client::{Client, find};
use daemonproxy_compile::{
    Change, Compiled, Consequence, Difference, Plan, Severity, Sign, Wishes, difference,
};
use serde_json::{Value, json};

use super::{LABEL, problems, read};
use crate::cli::{PlanFormat, Planned, Taking};
use crate::failure::{FAILED, Failure, OK, Result};
use crate::output;
use crate::style::{Paint, Style, readable};

/// Exit status of `plan`: there is something to change.
const CHANGES: u8 = 2;

pub(crate) fn plan(socket: Option<&Path>, planned: &Planned) -> Result<u8> {
    let wanted = wanted(&planned.file, None)?;
    let client = daemonproxy_apply::connect(&find(socket)?)?;
    let (compiled, plan) = as_shown(wanted, &planned.file, &client)?;
    let difference = compare(&plan, &client, &compiled, planned.taking)?;
    match planned.output {
        PlanFormat::Json => {
            let all: Vec<_> = difference.changes.iter().map(object).collect();
            let text = format!("{:#}\n", json!({ "owner": plan.owner, "changes": all }));
            output::write(output::json_text(&text).as_bytes())?;
        }
        PlanFormat::Text => {
            let style = Style::of_stdout();
            for change in &difference.changes {
                output::write(format!("{}\n", shown(change, style)).as_bytes())?;
            }
        }
    }
    Ok(if difference.changes.is_empty() { OK } else { CHANGES })
}

/// What a file asks for. What is wrong with it goes to standard error.
pub(super) fn wanted(path: &Path, shown_by: Option<Vec<String>>) -> Result<(Compiled, Plan)> {
    let mut compiled = read(path, shown_by, Severity::Error)?;
    let text = problems(&compiled, Style::of_stderr().is_on());
    output::complain(text.as_bytes());
    match compiled.plan.take() {
        Some(plan) => Ok((compiled, plan)),
        None => {
            let errors = compiled.problems.iter().filter(|it| it.is_error()).count();
            let end = if errors == 1 { "" } else { "s" };
            let text = format!("{}: {errors} error{end}; nothing was done", path.display());
            Err(Failure::new(FAILED, text))
        }
    }
}

/// The same for a daemon in the foreground, where all output is shown: its services are connected
/// in another way.
pub(super) fn as_shown(
    wanted: (Compiled, Plan),
    path: &Path,
    client: &Client,
) -> Result<(Compiled, Plan)> {
    let logger = format!("{}-log", wanted.1.owner);
    let Some(it) = client.view().service(logger.as_bytes()) else { return Ok(wanted) };
    let args: Vec<String> =
        it.args().iter().take(2).map(|arg| String::from_utf8_lossy(arg).into_owned()).collect();
    let is_shown =
        it.tags().iter().any(|tag| tag == b"logger") && args.get(1).is_some_and(|it| it == LABEL);
    // Standard input is there once.
    if !is_shown || path == Path::new("-") { Ok(wanted) } else { self::wanted(path, Some(args)) }
}

/// The first error of a file, with its place, in one line.
pub(super) fn first_error(path: &Path) -> Option<String> {
    let compiled = read(path, None, Severity::Error).ok()?;
    let problem = compiled.problems.iter().find(|it| it.is_error())?;
    let place = problem.place.as_ref().and_then(|(place, _)| {
        let file = compiled.files.get(place.file)?;
        let line = file.text.get(..place.span.start)?.matches('\n').count() + 1;
        Some(format!("{}:{line}: ", file.name))
    });
    Some(format!("{}{}", place.unwrap_or_default(), problem.message))
}

pub(super) fn compare(
    plan: &Plan,
    client: &Client,
    compiled: &Compiled,
    taking: Taking,
) -> Result<Difference> {
    let wishes = Wishes { adopt: taking.adopt, release: taking.release };
    difference(plan, client.view(), wishes, compiled.max_line).map_err(|claimed| {
        let text = format!(
            "{}; --adopt takes over what is not of owner {}",
            claimed.join("; "),
            plan.owner
        );
        Failure::new(FAILED, text)
    })
}

/// A change on one line.
pub(super) fn shown(change: &Change, style: Style) -> String {
    let (sign, paint) = match change.sign {
        Sign::Add => ("+", Paint::Good),
        Sign::Change => ("~", Paint::Waiting),
        Sign::Delete => ("-", Paint::Bad),
    };
    let mut text = style.paint(paint, &format!("{sign} {}", change.name));
    if !change.reasons.is_empty() {
        text += &format!(": {}", readable(change.reasons.join(", ").as_bytes()));
    }
    text += match change.consequence {
        Consequence::None => "",
        Consequence::Restart => " (restart)",
        Consequence::Again => " (runs again)",
        Consequence::Held => " (held: not started)",
    };
    text
}

fn object(change: &Change) -> Value {
    let sign = match change.sign {
        Sign::Add => "add",
        Sign::Change => "change",
        Sign::Delete => "delete",
    };
    let consequence = match change.consequence {
        Consequence::None => "none",
        Consequence::Restart => "restart",
        Consequence::Again => "again",
        Consequence::Held => "held",
    };
    json!({ "change": sign, "name": change.name, "reasons": change.reasons, "consequence": consequence })
}
