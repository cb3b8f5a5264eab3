//! What has to be done so that a daemon is as a plan says, and in which order.
//!
//! What does not differ is not touched. Whoever carries out the steps may be killed between any two
//! of them: what is left is found by comparing again. For that, a service that has to be restarted
//! has the tag `changed` from before the first change until its restart was ordered; and one whose
//! work is to be done again the tag `again`, until it is made anew.
//!
//! Services start and end meanwhile: no step relies on a state in which one was a moment ago.

use std::collections::{BTreeMap, BTreeSet};

use daemonproxy_protocol::tables::OPTIONS;
use daemonproxy_protocol::{Fields, ServiceView, StateView, env_key, key};

use crate::lease::LEASE;
use crate::now::{self, has_tag, is_up, made, tag, texts};
use crate::option;
use crate::plan::{Descriptor, Make, Plan, Role, Service, line};
use crate::raw::{MEMORY_TAGS, key_of_tag};
use crate::value::hidden;

/// The tag of a service that is to be restarted.
pub(crate) const CHANGED: &str = "changed";
/// The tag of a service that is to be made anew, and is held only for that.
pub(crate) const AGAIN: &str = "again";

/// What else is wanted.
#[derive(Copy, Clone, Debug, Default)]
pub struct Wishes {
    /// What others own, or nobody, is taken over.
    pub adopt: bool,
    /// Services that are held are released.
    pub release: bool,
}

/// What becomes of a service.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It is made.
    Add,
    /// It is changed.
    Change,
    /// It is stopped and deleted.
    Delete,
}

/// What a change does to a service that was there.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// It goes on.
    None,
    /// It is restarted.
    Restart,
    /// It had done its work, and does it again.
    Again,
    /// It is held, and stays down.
    Held,
}

/// A service that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What becomes of it.
    pub sign: Sign,
    /// Its name; or that of a descriptor.
    pub name: String,
    /// What is different, in the words of the file.
    pub reasons: Vec<String>,
    /// What that does to it.
    pub consequence: Consequence,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Send this command, which is about that service or descriptor.
    Send {
        /// Whose command it is.
        name: String,
        /// The command.
        line: Vec<u8>,
    },
    /// Send this command if that service was started meanwhile: perhaps with what was set before.
    SendIfStarted {
        /// Whose command it is.
        name: String,
        /// The command.
        line: Vec<u8>,
        /// It also counts when it has ended again, if it had not come to this run.
        since: Option<u32>,
    },
    /// Wait until this service, which was stopped, has no process.
    Ended(String),
    /// Delete this service, once nothing of it is left.
    Delete(String),
    /// Wait until this service, which was started, is ready, or has done its work.
    Ready(String),
}

/// The difference between a plan and what there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// What is different, for a person.
    pub changes: Vec<Change>,
    /// What is to be done about it.
    pub steps: Vec<Step>,
}

/// Compares a plan with what there is. The view is that of a connection with the features `runs`
/// and `settings`.
///
/// # Errors
///
/// What belongs to others, a line each.
pub fn difference(
    plan: &Plan,
    view: &StateView,
    wishes: Wishes,
    max_line: usize,
) -> Result<Difference, Vec<String>> {
    let mut comparison = Comparison::new(plan, view, wishes, max_line);
    comparison.claims();
    if !comparison.claimed.is_empty() {
        return Err(comparison.claimed);
    }
    comparison.descriptors();
    comparison.services();
    comparison.deletions();
    Ok(comparison.result)
}

struct Comparison<'c> {
    plan: &'c Plan,
    view: &'c StateView,
    wishes: Wishes,
    max_line: usize,
    /// Descriptors that this owner has made.
    ours: BTreeSet<String>,
    /// Descriptors that were not as they should be.
    made: BTreeSet<String>,
    /// New services that have their tags by now.
    claiming: BTreeSet<String>,
    /// Services that have the tag [`CHANGED`] by now.
    marked: BTreeSet<String>,
    /// Services that are started by what is done here.
    started: BTreeSet<String>,
    /// Descriptors that are deleted by what is done so far.
    gone: BTreeSet<String>,
    /// Changes to tags that are made when all else is done.
    last: Vec<(String, Vec<String>)>,
    claimed: Vec<String>,
    result: Difference,
}

impl<'c> Comparison<'c> {
    fn new(plan: &'c Plan, view: &'c StateView, wishes: Wishes, max_line: usize) -> Self {
        let owned = view.services().filter(|(_, it)| is_owned(it, &plan.owner));
        let ours = owned.flat_map(|(_, it)| made(it)).collect();
        Self {
            plan,
            view,
            wishes,
            max_line,
            ours,
            made: BTreeSet::new(),
            claiming: BTreeSet::new(),
            marked: BTreeSet::new(),
            started: BTreeSet::new(),
            gone: BTreeSet::new(),
            last: Vec::new(),
            claimed: Vec::new(),
            result: Difference::default(),
        }
    }

    fn send(&mut self, name: &str, line: Vec<u8>) {
        self.result.steps.push(Step::Send { name: name.to_owned(), line });
    }

    /// What somebody else has made is not changed.
    fn claims(&mut self) {
        if self.wishes.adopt {
            return;
        }
        for service in &self.plan.services {
            let Some(it) = self.view.service(service.name.as_bytes()) else { continue };
            if is_served(service, it, &self.plan.owner) {
                continue;
            }
            match tag(it, "owner") {
                Some(owner) if owner == self.plan.owner => {}
                Some(owner) => {
                    self.claimed.push(format!("the service {} belongs to {owner}", service.name));
                }
                None => self.claimed.push(format!(
                    "the service {} is there already, and belongs to nobody",
                    service.name
                )),
            }
        }
        for wanted in &self.plan.descriptors {
            let names: Vec<&str> = match &wanted.make {
                Make::Pipe(write) => vec![&wanted.name, write],
                _ => vec![&wanted.name],
            };
            let is_foreign =
                |name: &&str| self.view.fd(name.as_bytes()).is_some() && !self.ours.contains(*name);
            if now::is_as_wanted(self.view, wanted) {
                continue;
            }
            for name in names.into_iter().filter(is_foreign) {
                self.claimed
                    .push(format!("the descriptor {name} is there already, and is something else"));
            }
        }
    }

    /// Makes those that are missing, or are something else. Services that have them are marked
    /// first.
    fn descriptors(&mut self) {
        let plan = self.plan;
        let wrong: Vec<&Descriptor> =
            plan.descriptors.iter().filter(|it| !now::is_as_wanted(self.view, it)).collect();
        for wanted in &wrong {
            self.made.insert(wanted.name.clone());
            if let Make::Pipe(write) = &wanted.make {
                self.made.insert(write.clone());
            }
        }
        for service in &plan.services {
            let Some(it) = self.view.service(service.name.as_bytes()) else { continue };
            if is_up(it) && service.fds.iter().any(|fd| self.made.contains(fd)) {
                self.mark(service, it);
            }
        }
        for service in &plan.services {
            self.claim(service);
        }
        for wanted in wrong {
            self.send(&wanted.name, wanted.command());
        }
    }

    /// Before a descriptor is made it is noted for whom: else nobody knew, if that were all that is
    /// done.
    fn claim(&mut self, service: &Service) {
        let wanted = service.tags.iter().find_map(|tag| tag.strip_prefix("made="));
        let wanted = wanted.unwrap_or_default().split(',');
        let new: Vec<&str> = wanted.filter(|name| self.made.contains(*name)).collect();
        if new.is_empty() {
            return;
        }
        let name = &service.name;
        let Some(it) = self.view.service(name.as_bytes()) else {
            self.send(name, service.tags_command());
            self.claiming.insert(name.clone());
            return;
        };
        let mut all = made(it);
        let before = all.len();
        all.extend(new.into_iter().map(str::to_owned));
        if all.len() > before {
            let tag = format!("made={}", all.into_iter().collect::<Vec<_>>().join(","));
            self.send(name, line(&["service.tags.apply", name], &[tag]));
        }
    }

    fn mark(&mut self, service: &Service, it: &ServiceView) {
        if self.marked.insert(service.name.clone()) && !has_tag(it, CHANGED) {
            self.send(&service.name, line(&["service.tags.apply", &service.name, CHANGED], &[]));
        }
    }

    fn services(&mut self) {
        let plan = self.plan;
        let mut rolled: BTreeMap<&str, &str> = BTreeMap::new();
        for service in &plan.services {
            let Some(it) = self.view.service(service.name.as_bytes()) else {
                self.create(service);
                self.add(Sign::Add, &service.name, Vec::new(), Consequence::None);
                continue;
            };
            if !self.wishes.adopt && is_served(service, it, &plan.owner) {
                continue;
            }
            let before = rolled.get(&*service.base).copied();
            if self.existing(service, it, before) && service.rolling {
                rolled.insert(&service.base, &service.name);
            }
        }
    }

    fn add(&mut self, sign: Sign, name: &str, reasons: Vec<String>, consequence: Consequence) {
        let name = name.to_owned();
        self.result.changes.push(Change { sign, name, reasons, consequence });
    }

    fn create(&mut self, service: &Service) {
        // Its tags come first, and may be there by now.
        let is_there = usize::from(self.claiming.remove(&service.name));
        for line in service.commands(self.max_line).into_iter().skip(is_there) {
            self.send(&service.name, line);
        }
        if !service.triggers.is_empty() {
            self.send(&service.name, service.trigger_command());
        }
    }

    /// Returns whether it is restarted. `before`: the instance that was restarted before this one.
    fn existing(&mut self, service: &Service, it: &ServiceView, before: Option<&str>) -> bool {
        let differs = Differs::new(service, it, &self.made);
        let is_held = now::is_held(it) && !has_tag(it, AGAIN);
        let release = is_held && self.wishes.release;
        let is_held = is_held && !release;
        if differs.is_nothing() && !release {
            return false;
        }
        let wants_again = service.triggers.iter().any(|trigger| trigger.starts_with("once"))
            || now::has_fact(it, "gaveup")
            || has_tag(it, AGAIN);
        let consequence = match differs.needs_restart {
            false => Consequence::None,
            true if is_held => Consequence::Held,
            true if is_up(it) => Consequence::Restart,
            true if now::has_ended(it) && wants_again => Consequence::Again,
            true => Consequence::None,
        };
        let mut reasons = differs.reasons.clone();
        if release {
            reasons.push("held, and released".into());
        }
        // One without a program has only been begun to be made.
        match texts(it.args()).is_empty() {
            true => self.add(Sign::Add, &service.name, Vec::new(), consequence),
            false => self.add(Sign::Change, &service.name, reasons, consequence),
        }
        if consequence == Consequence::Again {
            // Once it is deleted, nobody knows any more what was made for it.
            let left: Vec<_> = made(it).into_iter().filter(|name| self.is_doomed(name)).collect();
            for name in left {
                if self.gone.insert(name.clone()) {
                    self.send(&name, line(&["fd.delete", &name], &[]));
                }
            }
            // For a new one its conditions hold again, when they hold. What is done here may have
            // started the old one.
            let name = &service.name;
            self.send(name, line(&["service.tags.apply", name, AGAIN], &[]));
            self.send(name, line(&["service.stop", name], &[]));
            self.result.steps.extend([Step::Ended(name.clone()), Step::Delete(name.clone())]);
            self.create(&with_memory(service, it));
            return false;
        }
        let restart = consequence == Consequence::Restart;
        if differs.needs_restart {
            self.mark(service, it);
        }
        self.change(service, &differs);
        if differs.needs_restart && !restart {
            let line = line(&["service.restart", &service.name], &[]);
            let since = wants_again.then(|| it.run().number());
            let step = Step::SendIfStarted { name: service.name.clone(), line, since };
            self.result.steps.push(step);
        }
        if restart {
            let first = service.after.iter().filter(|name| self.started.contains(*name));
            let first = first.map(|name| Step::Ready(name.clone()));
            let first = first.chain(before.map(|name| Step::Ready(name.to_owned())));
            self.result.steps.extend(first.collect::<Vec<_>>());
            self.send(&service.name, line(&["service.restart", &service.name], &[]));
            self.started.insert(service.name.clone());
        }
        if differs.tags || self.marked.contains(&service.name) {
            let tags = self.tags_until_the_end(service, it);
            let is_marked = self.marked.contains(&service.name) || has_tag(it, CHANGED);
            let mut changes = tag_changes(&texts(it.tags()), &tags);
            changes.retain(|change| change != "-changed");
            changes.extend(is_marked.then(|| format!("-{CHANGED}")));
            self.send_tags(&service.name, &changes);
            let last = tag_changes(&tags, &with_memory(service, it).tags);
            if !last.is_empty() {
                self.last.push((service.name.clone(), last));
            }
        }
        if release {
            self.send(&service.name, line(&["service.release", &service.name], &[]));
        }
        restart
    }

    /// Only what changes: others may write tags of their own meanwhile.
    fn send_tags(&mut self, name: &str, changes: &[String]) {
        if !changes.is_empty() {
            self.send(name, line(&["service.tags.apply", name], changes));
        }
    }

    /// The tags of a service. What was made for it and is still there belongs to somebody, until it
    /// is deleted in the end.
    fn tags_until_the_end(&self, service: &Service, it: &ServiceView) -> Vec<String> {
        let mut tags = with_memory(service, it).tags;
        let left = made(it).into_iter().filter(|name| self.is_doomed(name));
        let left: BTreeSet<String> = left.collect();
        if !left.is_empty() {
            let wanted = tags.iter().position(|tag| tag.starts_with("made="));
            let wanted = wanted.map(|at| tags.remove(at));
            let wanted = wanted.as_deref().and_then(|tag| tag.strip_prefix("made="));
            let all = wanted.into_iter().map(str::to_owned).chain(left);
            tags.push(format!("made={}", all.collect::<Vec<_>>().join(",")));
        }
        tags
    }

    /// Whether a descriptor is there, and no longer wanted.
    fn is_doomed(&self, name: &str) -> bool {
        let is_there = self.view.fd(name.as_bytes()).is_some() && !self.gone.contains(name);
        is_there && !self.plan.has_descriptor(name)
    }

    /// Whatever is set, except for the tags.
    fn change(&mut self, service: &Service, differs: &Differs) {
        let name = &service.name;
        if differs.args {
            self.send(name, line(&["service.args", name], &service.args));
        }
        if differs.fds {
            self.send(name, line(&["service.fds", name], &service.fds));
        }
        if differs.options {
            self.send(name, line(&["service.options", name], &service.options));
        }
        if differs.env {
            for line in service.env_commands(self.max_line) {
                self.send(name, line);
            }
        }
        if differs.triggers {
            self.send(name, service.trigger_command());
        }
    }

    /// What this owner has and the plan has not. Who waits for others, or writes to them, goes
    /// first; of instances the highest.
    fn deletions(&mut self) {
        let (plan, view) = (self.plan, self.view);
        let mut left: Vec<(String, &ServiceView)> = view
            .services()
            .filter(|(_, it)| is_owned(it, &plan.owner))
            .map(|(name, it)| (String::from_utf8_lossy(name).into_owned(), it))
            .filter(|(name, _)| plan.service(name).is_none())
            .collect();
        left.sort_by(|(a, _), (b, _)| natural(a).cmp(&natural(b)));
        let mut doomed = self.ours.clone();
        doomed.retain(|name| self.is_doomed(name));
        let mut names = Vec::new();
        while !left.is_empty() {
            let is_last = |(name, it): &(String, &ServiceView)| {
                !left.iter().any(|(other, that)| other != name && depends(that, name, it, view))
            };
            let at = left.iter().rposition(is_last).unwrap_or(left.len() - 1);
            let (name, _) = left.remove(at);
            self.add(Sign::Delete, &name, Vec::new(), Consequence::None);
            self.send(&name, line(&["service.stop", &name], &[]));
            self.result.steps.push(Step::Ended(name.clone()));
            names.push(name);
        }
        // As long as they are there, it is known what was made for them.
        for name in &doomed {
            self.send(name, line(&["fd.delete", name], &[]));
        }
        self.result.steps.extend(names.into_iter().map(Step::Delete));
        if self.result.changes.is_empty() {
            for name in &doomed {
                self.add(Sign::Delete, name, vec!["descriptor".into()], Consequence::None);
            }
        }
        for (name, changes) in std::mem::take(&mut self.last) {
            self.send_tags(&name, &changes);
        }
    }
}

/// What is different in a service.
#[derive(Clone, Debug, Default)]
struct Differs {
    args: bool,
    fds: bool,
    options: bool,
    env: bool,
    triggers: bool,
    tags: bool,
    needs_restart: bool,
    reasons: Vec<String>,
}

impl Differs {
    fn new(service: &Service, it: &ServiceView, made: &BTreeSet<String>) -> Self {
        let mut differs = Self::default();
        let mut reasons = Vec::new();
        let is_begun = has_tag(it, CHANGED) || has_tag(it, AGAIN);
        let mut needs_restart = is_begun;
        if is_begun {
            reasons.push("an earlier change".to_owned());
        }
        differs.args = !has_args(it, service);
        if differs.args {
            reasons.push("run".into());
        }
        differs.fds = texts(it.fds()) != service.fds;
        if differs.fds {
            reasons.push("descriptors".into());
        }
        needs_restart |= differs.args || differs.fds;
        for fd in service.fds.iter().filter(|fd| made.contains(*fd)) {
            reasons.push(format!("descriptor {fd}"));
            needs_restart = true;
        }
        for (key, field) in changed(it.options(), &service.options, key) {
            differs.options = true;
            needs_restart |= !is_at_once(&key);
            let _ = field;
            reasons.push(name_of_option(&key));
        }
        let secrets: BTreeSet<&str> = secrets(&service.tags).collect();
        let is_token = |key: &str| key == LEASE_TOKEN && has_lease(service);
        let env = changed(it.env(), &service.env, env_key);
        for (key, field) in env.into_iter().filter(|(key, _)| !is_token(key)) {
            differs.env = true;
            needs_restart = true;
            reasons.push(match field {
                Some(item) if secrets.contains(&*key) => {
                    let value = item.split_once('=').map_or("", |(_, value)| value);
                    format!("env {key}={}", hidden(value.as_bytes()))
                }
                _ => format!("env {key}"),
            });
        }
        // The order of its items does not matter, as long as `!` is in front.
        let triggers = now::shown_triggers(it.triggers());
        let wanted = now::told_triggers(&service.triggers);
        if triggers != wanted {
            reasons.push("restart and after".into());
        } else if !wanted.is_empty() && it.interval() != Some(service.interval) {
            reasons.push("restart.delay".into());
        }
        differs.triggers =
            triggers != wanted || (!wanted.is_empty() && it.interval() != Some(service.interval));
        for (key, _) in changed(it.tags(), &service.tags, key) {
            if key != CHANGED && key != AGAIN && !MEMORY_TAGS.contains(&&*key) {
                differs.tags = true;
                reasons.push(format!("tag {key}"));
            }
        }
        differs.tags |= is_begun;
        differs.needs_restart = needs_restart;
        differs.reasons = reasons;
        differs
    }

    fn is_nothing(&self) -> bool {
        self.reasons.is_empty()
    }
}

/// The variable that the agent of a fleet gives to a service with a lease.
const LEASE_TOKEN: &str = "LEASE_TOKEN";

fn has_lease(service: &Service) -> bool {
    service.tags.iter().any(|tag| tag.split('=').next() == Some(LEASE))
}

/// Whether it runs what is wanted.
fn has_args(it: &ServiceView, service: &Service) -> bool {
    let (is, wanted) = (texts(it.args()), &service.args);
    let name = |args: &[String]| args.first()?.rsplit('/').next().map(str::to_owned);
    is == *wanted
        || service.is_program_found && name(&is) == name(wanted) && is.get(1..) == wanted.get(1..)
}

/// What makes these tags of those.
fn tag_changes(is: &[String], wanted: &[String]) -> Vec<String> {
    let key = |tag: &str| tag.split('=').next().unwrap_or_default().to_owned();
    let is_gone = |tag: &&String| !wanted.iter().any(|it| key(it) == key(tag));
    let gone = is.iter().filter(is_gone).map(|tag| format!("-{}", key(tag)));
    let new = wanted.iter().filter(|tag| !is.contains(tag)).cloned();
    gone.chain(new).collect()
}

/// The keys whose fields differ, with what is wanted.
fn changed(
    is: Fields<'_>,
    wanted: &[String],
    key: impl Fn(&[u8]) -> &[u8],
) -> BTreeMap<String, Option<String>> {
    let name = |field: &[u8]| String::from_utf8_lossy(key(field)).into_owned();
    let is: BTreeSet<&[u8]> = is.iter().collect();
    let wants: BTreeSet<&[u8]> = wanted.iter().map(String::as_bytes).collect();
    let gone = is.difference(&wants).map(|field| (name(field), None));
    let mut changed: BTreeMap<_, _> = gone.collect();
    changed.extend(
        wants
            .difference(&is)
            .map(|field| (name(field), Some(String::from_utf8_lossy(field).into_owned()))),
    );
    changed
}

/// The variables that are secrets, by the tags of a service.
pub(crate) fn secrets(tags: &[String]) -> impl Iterator<Item = &str> {
    let names = tags.iter().find_map(|tag| tag.strip_prefix("secrets="));
    names.unwrap_or_default().split(',').filter(|name| !name.is_empty())
}

/// How the file calls an option.
fn name_of_option(key: &str) -> String {
    match key.strip_prefix("limit.") {
        Some(name) => format!("limits.{name}"),
        None if key == "args" => "run".into(),
        None => option::group_of(key).unwrap_or_else(|| key.to_owned()),
    }
}

fn is_at_once(key: &str) -> bool {
    OPTIONS.iter().any(|info| info.name == key && info.at_once)
}

/// The service, with what those have noted in the tags of the one that is there who carry out
/// `health` and `schedule`, as far as it still has such a key.
fn with_memory(service: &Service, it: &ServiceView) -> Service {
    let mut service = service.clone();
    let is_noted = |tag: &String| {
        let name = tag.split('=').next().unwrap_or_default();
        let has_key = |of: &str| service.tags.iter().any(|it| key_of_tag(it) == Some(of));
        MEMORY_TAGS.contains(&name) && key_of_tag(name).is_some_and(has_key)
    };
    let noted: Vec<String> = texts(it.tags()).into_iter().filter(is_noted).collect();
    service.tags.extend(noted);
    service
}

/// Whether somebody else has the same checker or scheduler: one is enough for all services of a
/// daemon, whoever they belong to.
fn is_served(service: &Service, it: &ServiceView, owner: &str) -> bool {
    let does = |args: &[String]| args.get(1..).map(<[String]>::to_vec);
    service.role == Role::Controller
        && !is_owned(it, owner)
        && does(&texts(it.args())) == does(&service.args)
}

fn is_owned(service: &ServiceView, owner: &str) -> bool {
    tag(service, "owner").as_deref() == Some(owner)
}

/// Whether `it` waits for the service `name`, or writes what that one reads.
fn depends(it: &ServiceView, name: &str, on: &ServiceView, view: &StateView) -> bool {
    use daemonproxy_protocol::{FdStateField, PipeEnd};
    if now::waits_for(it).contains(name) {
        return true;
    }
    let reads = |end: &[u8]| on.fds().iter().any(|fd| fd == end);
    it.fds().iter().any(|fd| {
        let state = view.fd(fd).map(|fd| fd.state());
        matches!(state, Some(FdStateField::Pipe { end: PipeEnd::To, peer, .. }) if reads(peer))
    })
}

/// Numbers at the end of names in their order.
fn natural(name: &str) -> (&str, u64) {
    let digits = name.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (text, number) = name.split_at(name.len() - digits);
    (text, number.parse().unwrap_or(0))
}
