//! Fields that are one of a few words, and signals.

use super::{Field, integer, put, required};
use crate::command::SignalAction;
use crate::event::ShutdownPhase;
use crate::field::next_field;
use crate::flags::{FilterChange, LogFilter};
use crate::generated::refusal::Refusal;
use crate::signal::Signal;

// signal = [ "SIG" ] ( signame / 1*2DIGIT / "RTMIN" [ "+" 1*2DIGIT ] / "RTMAX" [ "-" 1*2DIGIT ] )
pub(crate) fn signal(rest: &[u8]) -> Field<'_, Signal> {
    let (rest, field) = required(rest, Refusal::ExpectedSignalArgument)?;
    match Signal::parse(field) {
        Some(signal) => Ok((rest, signal)),
        None if integer(field).is_some() => Err(Refusal::InvalidSignalNumber),
        None => Err(Refusal::InvalidSignalArgument),
    }
}

pub(crate) fn put_signal(out: &mut Vec<u8>, signal: Signal) {
    out.push(b'\t');
    signal.write_name(out);
}

// group = "group"
pub(crate) fn group(rest: &[u8]) -> Field<'_, bool> {
    match next_field(rest) {
        (rest, None) => Ok((rest, false)),
        (rest, Some(b"group")) => Ok((rest, true)),
        (_, Some(option)) => Err(Refusal::UnknownOption { option }),
    }
}

pub(crate) fn put_group(out: &mut Vec<u8>, group: bool) {
    if group {
        put(out, b"group");
    }
}

// log_type = "fd"
pub(crate) fn log_type(rest: &[u8]) -> Field<'_, ()> {
    match required(rest, Refusal::UnknownLoggingType)? {
        (rest, b"fd") => Ok((rest, ())),
        _ => Err(Refusal::UnknownLoggingType),
    }
}

pub(crate) fn put_log_type(out: &mut Vec<u8>) {
    put(out, b"fd");
}

// guard_switch = "+" / "-"
pub(crate) fn guard_switch(rest: &[u8]) -> Field<'_, bool> {
    match required(rest, Refusal::ExpectedPlusOrMinus)? {
        (rest, b"+") => Ok((rest, true)),
        (rest, b"-") => Ok((rest, false)),
        _ => Err(Refusal::ExpectedPlusOrMinus),
    }
}

pub(crate) fn put_guard_switch(out: &mut Vec<u8>, on: bool) {
    put(out, if on { b"+" } else { b"-" });
}

// signal_action = "event" / "shutdown" / "terminate" / "forward"
pub(crate) fn signal_action(rest: &[u8]) -> Field<'_, SignalAction> {
    let (rest, action) = required(rest, Refusal::ExpectedAction)?;
    Ok((rest, SignalAction::parse(action).ok_or(Refusal::UnknownAction { action })?))
}

pub(crate) fn put_signal_action(out: &mut Vec<u8>, action: SignalAction) {
    put(out, action.as_str().as_bytes());
}

// filter_change = level / "+" / "-"
pub(crate) fn filter_change(rest: &[u8]) -> Field<'_, Option<FilterChange>> {
    let change = match next_field(rest) {
        (rest, None) => return Ok((rest, None)),
        (rest, Some(b"+")) => (rest, FilterChange::Up),
        (rest, Some(b"-")) => (rest, FilterChange::Down),
        (rest, Some(level)) => {
            (rest, FilterChange::Set(LogFilter::parse(level).ok_or(Refusal::InvalidLogLevel)?))
        }
    };
    Ok((change.0, Some(change.1)))
}

pub(crate) fn put_filter_change(out: &mut Vec<u8>, change: Option<FilterChange>) {
    match change {
        None => {}
        Some(FilterChange::Up) => put(out, b"+"),
        Some(FilterChange::Down) => put(out, b"-"),
        Some(FilterChange::Set(filter)) => put_level(out, filter),
    }
}

// level = "none" / "trace" / "debug" / "info" / "warning" / "error" / "fatal"
pub(crate) fn level(rest: &[u8]) -> Field<'_, LogFilter> {
    let (rest, level) = required(rest, Refusal::InvalidLogLevel)?;
    Ok((rest, LogFilter::parse(level).ok_or(Refusal::InvalidLogLevel)?))
}

pub(crate) fn put_level(out: &mut Vec<u8>, filter: LogFilter) {
    put(out, filter.as_str().as_bytes());
}

/// Only in events, so nobody sees which refusal this is.
// phase = "stopping" / "killing" / "flushing"
pub(crate) fn phase(rest: &[u8]) -> Field<'_, ShutdownPhase> {
    let (rest, phase) = required(rest, Refusal::ShutdownInProgress)?;
    Ok((rest, ShutdownPhase::parse(phase).ok_or(Refusal::ShutdownInProgress)?))
}

pub(crate) fn put_phase(out: &mut Vec<u8>, phase: ShutdownPhase) {
    put(out, phase.as_str().as_bytes());
}
