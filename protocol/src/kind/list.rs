//! Lists: all fields from some place to the end of the line, and numbers joined by commas.
//!
//! A line that ends before the list, and one that ends right after the TAB, both give the empty
//! list.

use super::put_signal;
use super::{Field, put, required};
use crate::field::{FdNumbers, Fields, Name, is_control};
use crate::generated::option::ServiceOption;
use crate::generated::refusal::Refusal;
use crate::option::{env_key, key};
use crate::trigger::Triggers;

/// The rest of the line, without the TAB before it.
#[inline]
fn fields(rest: &[u8]) -> Fields<'_> {
    Fields::new(rest.get(1..).unwrap_or_default())
}

/// A list whose fields may hold any byte of a field.
#[inline]
fn free<'a>(rest: &'a [u8], reserved: Refusal<'a>) -> Field<'a, Fields<'a>> {
    if rest.iter().any(|&byte| is_control(byte) && byte != b'\t') {
        return Err(reserved);
    }
    Ok((&[], fields(rest)))
}

/// An empty list keeps its TAB.
#[inline]
fn put_fields(out: &mut Vec<u8>, list: Fields<'_>) {
    put(out, list.as_bytes());
}

// arg = *fieldchar
pub(crate) fn arg(rest: &[u8]) -> Field<'_, Fields<'_>> {
    free(rest, Refusal::UnableToSetArgv)
}

pub(crate) fn put_arg(out: &mut Vec<u8>, args: Fields<'_>) {
    put_fields(out, args);
}

// exec_arg = *fieldchar
pub(crate) fn exec_arg(rest: &[u8]) -> Field<'_, Fields<'_>> {
    free(rest, Refusal::InvalidExecArgs)
}

pub(crate) fn put_exec_arg(out: &mut Vec<u8>, args: Fields<'_>) {
    put_fields(out, args);
}

// tag = *fieldchar
pub(crate) fn tag(rest: &[u8]) -> Field<'_, Fields<'_>> {
    free(rest, Refusal::UnableToSetTags)
}

pub(crate) fn put_tag(out: &mut Vec<u8>, tags: Fields<'_>) {
    put_fields(out, tags);
}

// fd_or_none = fd / "-" ("-" consists of characters of names)
pub(crate) fn fd_or_none(rest: &[u8]) -> Field<'_, Fields<'_>> {
    let list = fields(rest);
    if list.iter().all(|name| Name::new(name).is_some()) {
        Ok((&[], list))
    } else {
        Err(Refusal::InvalidFdName)
    }
}

pub(crate) fn put_fd_or_none(out: &mut Vec<u8>, fds: Fields<'_>) {
    put_fields(out, fds);
}

// fd_shown = fd / "-" / "*"            (in events only)
pub(crate) fn fd_shown(rest: &[u8]) -> Field<'_, Fields<'_>> {
    let list = fields(rest);
    if list.iter().all(|name| name == b"*" || Name::new(name).is_some()) {
        Ok((&[], list))
    } else {
        Err(Refusal::InvalidFdName)
    }
}

pub(crate) fn put_fd_shown(out: &mut Vec<u8>, fds: Fields<'_>) {
    put_fields(out, fds);
}

// feature = 1*31namechar
pub(crate) fn feature(rest: &[u8]) -> Field<'_, Fields<'_>> {
    let list = fields(rest);
    if list.iter().all(|name| Name::new(name).is_some()) {
        Ok((&[], list))
    } else {
        Err(Refusal::InvalidFeatureName)
    }
}

/// Unlike with other lists, an empty one leaves no TAB.
pub(crate) fn put_feature(out: &mut Vec<u8>, features: Fields<'_>) {
    if !features.is_empty() {
        put_fields(out, features);
    }
}

// fact = key [ "=" *fieldchar ]            (what is not known is for the reader to ignore)
pub(crate) fn fact(rest: &[u8]) -> Field<'_, Fields<'_>> {
    Ok((&[], fields(rest)))
}

pub(crate) fn put_fact(out: &mut Vec<u8>, facts: Fields<'_>) {
    put_feature(out, facts);
}

// tag_change = key [ "=" *fieldchar ] / "-" 1*keychar
pub(crate) fn tag_change(rest: &[u8]) -> Field<'_, Fields<'_>> {
    let (rest, list) = free(rest, Refusal::UnableToSetTags)?;
    for change in list.iter() {
        let is_wrong = match change.strip_prefix(b"-") {
            Some(key) => key.is_empty() || key.contains(&b'='),
            None => change.is_empty() || change.starts_with(b"="),
        };
        if is_wrong {
            return Err(Refusal::InvalidTagChange { change });
        }
    }
    Ok((rest, list))
}

pub(crate) fn put_tag_change(out: &mut Vec<u8>, changes: Fields<'_>) {
    put_fields(out, changes);
}

// option = *fieldchar                  (what it is: `ServiceOption`)
pub(crate) fn option(rest: &[u8]) -> Field<'_, Fields<'_>> {
    let (rest, list) = free(rest, Refusal::UnableToSetOptions)?;
    for (at, option) in list.iter().enumerate() {
        ServiceOption::parse(option)?;
        let key = key(option);
        if list.iter().take(at).any(|earlier| self::key(earlier) == key) {
            return Err(Refusal::OptionGivenTwice { option: key });
        }
    }
    Ok((rest, list))
}

pub(crate) fn put_option(out: &mut Vec<u8>, options: Fields<'_>) {
    put_fields(out, options);
}

// option_change = *fieldchar           (an option, or "-" and its key)
pub(crate) fn option_change(rest: &[u8]) -> Field<'_, Fields<'_>> {
    let (rest, list) = free(rest, Refusal::UnableToSetOptions)?;
    for change in list.iter() {
        match change.strip_prefix(b"-") {
            Some(key) if ServiceOption::is_key(key) => {}
            Some(_) => return Err(Refusal::UnknownOption { option: change }),
            None => {
                ServiceOption::parse(change)?;
            }
        }
    }
    Ok((rest, list))
}

pub(crate) fn put_option_change(out: &mut Vec<u8>, changes: Fields<'_>) {
    put_fields(out, changes);
}

// env_item = *fieldchar                (`KEY=VALUE`, `KEY%=VALUE`, `!KEY`; `!` if it is the first)
pub(crate) fn env_item(rest: &[u8]) -> Field<'_, Fields<'_>> {
    let (rest, list) = free(rest, Refusal::UnableToSetEnvironment)?;
    let mut all = list.iter().enumerate();
    if all.all(|(at, item)| (at == 0 && item == b"!") || is_env_item(item)) {
        Ok((rest, list))
    } else {
        Err(Refusal::InvalidEnvItem)
    }
}

/// An item that may stand in any place.
fn is_env_item(item: &[u8]) -> bool {
    let key = env_key(item);
    let has_value = item.contains(&b'=');
    !key.is_empty() && key != b"!" && has_value != item.starts_with(b"!")
}

pub(crate) fn put_env_item(out: &mut Vec<u8>, items: Fields<'_>) {
    put_fields(out, items);
}

// env_change = *fieldchar              (an item, or "-" and its key)
pub(crate) fn env_change(rest: &[u8]) -> Field<'_, Fields<'_>> {
    let (rest, list) = free(rest, Refusal::UnableToSetEnvironment)?;
    let is_change = |change: &[u8]| match change.strip_prefix(b"-") {
        Some(key) => !key.is_empty() && !key.contains(&b'='),
        None => change == b"!" || is_env_item(change),
    };
    if list.iter().all(is_change) { Ok((rest, list)) } else { Err(Refusal::InvalidEnvItem) }
}

pub(crate) fn put_env_change(out: &mut Vec<u8>, changes: Fields<'_>) {
    put_fields(out, changes);
}

// told_env = *fieldchar                (in events only)
pub(crate) fn told_env(rest: &[u8]) -> Field<'_, Fields<'_>> {
    free(rest, Refusal::UnableToSetEnvironment)
}

pub(crate) fn put_told_env(out: &mut Vec<u8>, items: Fields<'_>) {
    put_fields(out, items);
}

// told_option = *fieldchar             (in events only)
pub(crate) fn told_option(rest: &[u8]) -> Field<'_, Fields<'_>> {
    free(rest, Refusal::UnableToSetOptions)
}

pub(crate) fn put_told_option(out: &mut Vec<u8>, options: Fields<'_>) {
    put_fields(out, options);
}

// trigger = condition *( "," condition )
pub(crate) fn trigger(rest: &[u8]) -> Field<'_, Triggers<'_>> {
    Ok((&[], Triggers::parse(fields(rest)).ok_or(Refusal::UnableToSetTriggers)?))
}

/// Unlike with other lists, an empty one leaves no TAB.
pub(crate) fn put_trigger(out: &mut Vec<u8>, triggers: Triggers<'_>) {
    if triggers.always {
        put(out, b"always");
    }
    for signal in triggers.signals() {
        put_signal(out, signal);
    }
    for trigger in triggers.others() {
        put(out, trigger);
    }
}

// trigger_shown = shown_condition *( "," shown_condition )     (in events only)
pub(crate) fn trigger_shown(rest: &[u8]) -> Field<'_, Triggers<'_>> {
    Ok((&[], Triggers::parse_shown(fields(rest)).ok_or(Refusal::UnableToSetTriggers)?))
}

pub(crate) fn put_trigger_shown(out: &mut Vec<u8>, triggers: Triggers<'_>) {
    put_trigger(out, triggers);
}

// fd_numbers = fdnumber *( "," fdnumber )
pub(crate) fn fd_numbers(rest: &[u8]) -> Field<'_, FdNumbers<'_>> {
    let (rest, numbers) = required(rest, Refusal::InvalidFdNumbers)?;
    Ok((rest, FdNumbers::new(numbers).ok_or(Refusal::InvalidFdNumbers)?))
}

pub(crate) fn put_fd_numbers(out: &mut Vec<u8>, numbers: FdNumbers<'_>) {
    put(out, numbers.as_bytes());
}

/// A list that needs at least one field.
#[inline]
pub(crate) fn at_least_one<'a>(list: Fields<'a>, missing: Refusal<'a>) -> Result<(), Refusal<'a>> {
    if list.is_empty() { Err(missing) } else { Ok(()) }
}
