//! Stops what runs for too long without waiting, even inside `pcall`, coroutines and `__gc`.
//!
//! A timer ticks while the script works; it costs nothing in between. When ten ticks have found the
//! same piece of work, the coroutine that runs gets a hook, which runs before its next instruction.
//! At that point its stack can be read; that is reported, and the process leaves. A `pcall` could
//! catch an error again and again, so an error cannot be relied on to stop anything.
//!
//! Ticks are counted and not seconds, so that a process that was frozen for an hour does not look
//! like one that hung for an hour.
//!
//! The second line of defence: while a C function does not return there is no next instruction, and
//! in a finalizer no hook runs. If the hook was not reached after another while, the signal handler
//! reports what it can, and leaves.
//!
//! At the prompt a line that runs for too long, or until ^C, is stopped by an error instead, which
//! is raised again if something catches it. If that does not help, the process leaves after all. ^C
//! stops what is still running a moment later: whatever is over by then is not interrupted, least
//! of all the loop's own work.

use std::ffi::c_int;
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, Ordering, compiler_fence};
use std::time::Duration;

use mlua::ffi::{self, lua_Debug, lua_State};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};

use crate::status::STUCK;
use crate::{leave, running, traceback};

/// How many ticks a piece of work may take.
const TICKS: u32 = 10;
/// How often to check whether the hook has done its work, and how many times.
const GRACE: Duration = Duration::from_millis(200);
const GRACE_TICKS: u32 = 5;
/// How many checks after ^C must find the same piece of work before it is stopped, and how long
/// each takes.
const MOMENTS: u32 = 3;
const MOMENT: Duration = Duration::from_millis(100);
/// How many instructions may pass after the first error before each of them raises one.
const BREATH: c_int = 100_000;

/// Microseconds between two ticks; 0 means no watchdog.
static TICK: AtomicU64 = AtomicU64::new(0);
/// Whether the script works, and which piece of work it is.
static WORKING: AtomicBool = AtomicBool::new(false);
static WORK: AtomicU32 = AtomicU32::new(0);
/// Whether the timer runs.
static ARMED: AtomicBool = AtomicBool::new(false);
/// The piece of work that the last tick found, and for how many ticks.
static SEEN: AtomicU32 = AtomicU32::new(0);
static FOR_TICKS: AtomicU32 = AtomicU32::new(0);
/// Set while what runs is to be stopped.
static STOPPING: AtomicBool = AtomicBool::new(false);
/// How many errors were raised for that.
static RAISED: AtomicU32 = AtomicU32::new(0);
/// Set at the prompt: the main coroutine, which goes on. Everything else may be stopped by an
/// error.
static SURVIVOR: AtomicPtr<lua_State> = AtomicPtr::new(ptr::null_mut());
/// The coroutine that waited last. The handling of an event is called from there, so an error goes
/// no further.
static RECEIVER: AtomicPtr<lua_State> = AtomicPtr::new(ptr::null_mut());
/// ^C was typed, and how often the same work has been found since; 0 means not at all.
static INTERRUPT: AtomicBool = AtomicBool::new(false);
static FOR_MOMENTS: AtomicU32 = AtomicU32::new(0);
/// What the script did, for the report.
static WHAT: OnceLock<String> = OnceLock::new();

/// Watches from now on, if there is a limit.
pub(crate) fn start(limit: Option<Duration>) -> nix::Result<()> {
    let Some(limit) = limit else { return Ok(()) };
    let seconds = limit.as_secs_f64();
    WHAT.get_or_init(|| format!("ran for {seconds} s without waiting (--watchdog {seconds})"));
    let tick = u64::try_from(limit.as_micros() / u128::from(TICKS)).unwrap_or(u64::MAX);
    TICK.store(tick.max(1000), Relaxed);
    catch_alarm()
}

/// At the prompt: what is stopped is stopped by an error, and `main` goes on.
pub(crate) fn spare(main: *mut lua_State) -> nix::Result<()> {
    SURVIVOR.store(main, Relaxed);
    catch_alarm()
}

fn catch_alarm() -> nix::Result<()> {
    let action =
        SigAction::new(SigHandler::Handler(on_alarm), SaFlags::SA_RESTART, SigSet::empty());
    // SAFETY: `on_alarm` does only what is allowed in a handler.
    unsafe { sigaction(Signal::SIGALRM, &action) }.map(drop)
}

/// The script begins to work.
pub(crate) fn work_begins() {
    WORK.store(WORK.load(Relaxed).wrapping_add(1), Relaxed);
    if !SURVIVOR.load(Relaxed).is_null() {
        let now = running::innermost_first().next();
        RECEIVER.store(now.unwrap_or(ptr::null_mut()), Relaxed);
    }
    WORKING.store(true, Relaxed);
    // The handler runs in this same thread, so it is enough to keep the compiler from reordering:
    // either it sees that there is work, or it is armed again here.
    compiler_fence(Ordering::SeqCst);
    if !ARMED.load(Relaxed) {
        let tick = TICK.load(Relaxed);
        if tick > 0 {
            FOR_TICKS.store(0, Relaxed);
            arm(Duration::from_micros(tick));
        }
    }
}

/// The script waits.
pub(crate) fn work_ends() {
    WORKING.store(false, Relaxed);
}

/// The piece of work that the script is doing, if it is not waiting. Any thread may ask.
pub(crate) fn work() -> Option<u32> {
    WORKING.load(Relaxed).then(|| WORK.load(Relaxed))
}

/// Called by the thread of the editor at ^C: what runs now should stop.
pub(crate) fn interrupt() {
    INTERRUPT.store(true, Relaxed);
    // SAFETY: a signal to ourselves, which this program handles. All other threads block it.
    unsafe { libc::kill(libc::getpid(), libc::SIGALRM) };
}

/// A coroutine is about to run.
pub(crate) fn entering(co: *mut lua_State) {
    if STOPPING.load(Relaxed) {
        hook(co, 1);
    }
}

/// A coroutine has returned to the one that resumed it.
pub(crate) fn returned(to: *mut lua_State) {
    if STOPPING.load(Relaxed) {
        if to == SURVIVOR.load(Relaxed) || to == RECEIVER.load(Relaxed) {
            STOPPING.store(false, Relaxed);
            RAISED.store(0, Relaxed);
        } else {
            hook(to, 1);
        }
    }
}

fn hook(co: *mut lua_State, count: c_int) {
    // SAFETY: it may be called from a signal handler (ldebug.c says so), and `co` is alive: it
    // runs.
    unsafe { ffi::lua_sethook(co, Some(at_instruction), ffi::LUA_MASKCOUNT, count) };
}

fn arm(after: Duration) {
    ARMED.store(true, Relaxed);
    let after = libc::timeval {
        tv_sec: libc::time_t::try_from(after.as_secs()).unwrap_or(libc::time_t::MAX),
        tv_usec: after.subsec_micros().into(),
    };
    let never = libc::timeval { tv_sec: 0, tv_usec: 0 };
    let timer = libc::itimerval { it_interval: never, it_value: after };
    // SAFETY: it reads `timer`. It is a plain system call, and may be made in a signal handler.
    unsafe { libc::setitimer(libc::ITIMER_REAL, &raw const timer, ptr::null_mut()) };
}

/// A tick. Runs in the main thread, between any two of its instructions.
extern "C" fn on_alarm(_: c_int) {
    if !WORKING.load(Relaxed) {
        ARMED.store(false, Relaxed);
        INTERRUPT.store(false, Relaxed);
        return;
    }
    let work = WORK.load(Relaxed);
    let was = SEEN.swap(work, Relaxed);
    if INTERRUPT.swap(false, Relaxed) && !STOPPING.load(Relaxed) {
        FOR_TICKS.store(0, Relaxed);
        FOR_MOMENTS.store(1, Relaxed);
        return arm(MOMENT);
    }
    if was != work {
        FOR_TICKS.store(0, Relaxed);
        FOR_MOMENTS.store(0, Relaxed);
        STOPPING.store(false, Relaxed);
    } else if (1..MOMENTS).contains(&FOR_MOMENTS.load(Relaxed)) {
        FOR_MOMENTS.store(FOR_MOMENTS.load(Relaxed) + 1, Relaxed);
        return arm(MOMENT);
    } else if FOR_MOMENTS.swap(0, Relaxed) > 0 {
        FOR_TICKS.store(TICKS, Relaxed);
    } else {
        FOR_TICKS.store(FOR_TICKS.load(Relaxed) + 1, Relaxed);
    }
    let ticks = FOR_TICKS.load(Relaxed);
    if ticks < TICKS {
        match TICK.load(Relaxed) {
            0 => ARMED.store(false, Relaxed),
            tick => arm(Duration::from_micros(tick)),
        }
    } else if ticks < TICKS + GRACE_TICKS {
        let is_first = !STOPPING.swap(true, Relaxed);
        // Again if needed, because what runs may have changed between two checks.
        if is_first || RAISED.load(Relaxed) == 0 {
            running::innermost_first().next().into_iter().for_each(|co| hook(co, 1));
        }
        arm(GRACE);
    } else {
        leave_from_handler();
    }
}

/// The hook: what runs is between two of its instructions, and its stack is consistent.
unsafe extern "C-unwind" fn at_instruction(state: *mut lua_State, _: *mut lua_Debug) {
    if !STOPPING.load(Relaxed) {
        // A coroutine that was stopped earlier but is still alive.
        // SAFETY: it runs.
        unsafe { ffi::lua_sethook(state, None, 0, 0) };
        return;
    }
    if SURVIVOR.load(Relaxed).is_null() {
        report("was stopped:");
        leave::at_once(STUCK, true);
    }
    let is_first = RAISED.fetch_add(1, Relaxed) == 0;
    hook(state, if is_first { BREATH } else { 1 });
    // SAFETY: a hook may raise an error, and nothing here needs to be dropped.
    unsafe { ffi::luaL_error(state, c"interrupted".as_ptr()) };
}

/// The hook was not reached. Whatever goes wrong here, the process leaves.
fn leave_from_handler() -> ! {
    for signal in [libc::SIGSEGV, libc::SIGBUS] {
        // SAFETY: a plain system call, allowed in a handler; so is what it installs.
        unsafe { libc::signal(signal, leave_at_once as *const () as libc::sighandler_t) };
    }
    report("cannot be stopped, so this process leaves:");
    leave::at_once(STUCK, false);
}

extern "C" fn leave_at_once(_: c_int) {
    leave::at_once(STUCK, false);
}

/// Says on standard error what runs, and what becomes of it. May be called at any moment.
fn report(what: &str) {
    let heading = WHAT.get().map_or("does not end", String::as_str);
    traceback::show(&["the script ", heading, " and ", what]);
}
