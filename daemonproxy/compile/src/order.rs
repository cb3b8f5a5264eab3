//! What comes after what: names that are looked up, circles, and the order of the plan.

use std::collections::BTreeMap;

use crate::hints::nearest;
use crate::problem::Problem;
use crate::raw::{After, Raw, Restart};

/// The names that a service has in the daemon.
pub(crate) fn names(raw: &Raw) -> Vec<String> {
    match raw.instances {
        Some(count) => (1..=count).map(|n| format!("{}-{n}", raw.name)).collect(),
        None => vec![raw.name.clone()],
    }
}

/// Which service of the file has this name, as a whole or as an instance.
fn find<'r>(services: &'r [Raw], name: &str) -> Option<(usize, &'r Raw)> {
    let whole = services.iter().enumerate().find(|(_, raw)| raw.name == name);
    whole.or_else(|| {
        let is_instance =
            |raw: &Raw| raw.instances.is_some() && names(raw).iter().any(|it| it == name);
        services.iter().enumerate().find(|(_, raw)| is_instance(raw))
    })
}

/// The conditions of one entry of `after`, and the services that must come first.
pub(crate) fn conditions(services: &[Raw], after: &After) -> (Vec<String>, Vec<String>) {
    let kind = after.kind;
    let names = match find(services, &after.name) {
        Some((_, raw)) if kind != "fd" && raw.name == after.name => names(raw),
        _ => vec![after.name.clone()],
    };
    let conditions = names.iter().map(|name| format!("{kind}:{name}")).collect();
    (conditions, if comes_first(kind) { names } else { Vec::new() })
}

fn comes_first(kind: &str) -> bool {
    matches!(kind, "ready" | "up" | "done")
}

/// Looks at all that services say about each other, and returns their order.
pub(crate) fn check(services: &[Raw], problems: &mut Vec<Problem>) -> Vec<usize> {
    for (name, place) in services.iter().filter_map(|raw| raw.on_giveup.as_ref()) {
        match find(services, name) {
            None => {
                let message = format!("there is no service `{name}` in this file");
                let near = nearest(name, services.iter().map(|raw| &*raw.name));
                let help = near.map(|near| format!("did you mean `{near}`?"));
                problems.push(Problem::error(place.clone(), message).help_if(help));
            }
            Some((_, found)) if found.lease.is_some() => {
                let message = format!("`{name}` has a `lease`: only its agent may start it");
                problems.push(Problem::error(place.clone(), message));
            }
            Some(_) => {}
        }
    }
    let mut edges: BTreeMap<usize, Vec<(usize, &After)>> = BTreeMap::new();
    for (index, raw) in services.iter().enumerate() {
        for after in raw.after.iter().filter(|after| after.kind != "fd") {
            let Some((other, found)) = find(services, &after.name) else {
                let message = format!("there is no service `{}` in this file", after.name);
                let near = nearest(&after.name, services.iter().map(|raw| &*raw.name));
                let help = near.map(|near| format!("did you mean `{near}`?"));
                problems.push(Problem::error(after.place.clone(), message).help_if(help));
                continue;
            };
            look_at(raw, after, found, problems);
            if comes_first(after.kind) {
                edges.entry(index).or_default().push((other, after));
            }
        }
    }
    let mut walk = Walk {
        services,
        edges: &edges,
        state: vec![State::New; services.len()],
        order: Vec::new(),
        problems,
    };
    for index in 0..services.len() {
        walk.visit(index, &mut Vec::new());
    }
    walk.order
}

fn look_at(raw: &Raw, after: &After, found: &Raw, problems: &mut Vec<Problem>) {
    let name = &after.name;
    if raw.enabled && !found.enabled {
        let message = format!("`{name}` is not enabled, so this never holds");
        let problem = Problem::error(after.place.clone(), message);
        problems.push(problem.other(found.place.clone(), "enabled = false"));
    } else if after.kind == "ready" && found.restart == Restart::Never && found.lease.is_none() {
        let message = format!("`{name}` runs once, and is not ready for long");
        let problem = Problem::error(after.place.clone(), message);
        let problem = problem.other(found.place.clone(), "restart = \"never\"");
        problems.push(
            problem.help(format!("to wait until it has done its work, write \"done:{name}\"")),
        );
    } else if after.kind == "done" && found.lease.is_some() {
        let message = format!("`{name}` is started again by its agent, so it is not done for long");
        let problem = Problem::error(after.place.clone(), message);
        problems.push(problem.help(format!("write {name:?} to wait until it is ready here")));
    } else if after.kind == "done" && found.restart == Restart::Always {
        let message =
            format!("`{name}` is started again whenever it ends, so it is not done for long");
        let problem = Problem::error(after.place.clone(), message);
        let problem = problem.other(found.place.clone(), "restart = \"always\"");
        problems.push(problem.help(format!(
            "write {name:?} to wait until it is ready, or let it run once: restart = \"never\""
        )));
    } else if after.kind == "ready" && !found.says_ready {
        let message = format!(
            "`{name}` does not say when it is ready: that is as soon as its program is executed"
        );
        let help = match after.is_plain {
            true => "let it say so with `ready`, or write \"up:NAME\" if that is enough",
            false => "let it say so with `ready`",
        };
        let problem = Problem::warning(after.place.clone(), message);
        problems.push(problem.help(help.replace("NAME", name)));
    }
}

#[derive(Copy, Clone, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

struct Walk<'w, 'p> {
    services: &'w [Raw],
    edges: &'w BTreeMap<usize, Vec<(usize, &'w After)>>,
    state: Vec<State>,
    order: Vec<usize>,
    problems: &'p mut Vec<Problem>,
}

impl Walk<'_, '_> {
    /// Those that come first go in front. `path` leads here.
    fn visit(&mut self, from: usize, path: &mut Vec<usize>) {
        // An explicit stack: a chain of services may be long.
        let mut stack = vec![(from, 0)];
        while let Some((index, next)) = stack.pop() {
            if next == 0 {
                if self.state[index] != State::New {
                    continue;
                }
                self.state[index] = State::Open;
                path.push(index);
            }
            match self.edges.get(&index).and_then(|edges| edges.get(next)) {
                Some(&(other, after)) => {
                    stack.push((index, next + 1));
                    match self.state[other] {
                        State::New => stack.push((other, 0)),
                        State::Open => self.circle(other, after, path),
                        State::Done => {}
                    }
                }
                None => {
                    self.state[index] = State::Done;
                    self.order.push(index);
                    path.pop();
                }
            }
        }
    }

    fn circle(&mut self, to: usize, after: &After, path: &[usize]) {
        let begin = path.iter().position(|&index| index == to).unwrap_or(0);
        let around = path[begin..].iter().chain([&to]);
        let names: Vec<_> = around.map(|&index| &*self.services[index].name).collect();
        let message = format!("each of these waits for the next: {}", names.join(" → "));
        let problem = Problem::error(after.place.clone(), message).label("the circle closes here");
        self.problems.push(problem.help("take one of them out of an `after`"));
    }
}
