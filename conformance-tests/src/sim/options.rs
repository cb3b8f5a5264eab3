//! Options of a service, as the suite was told them.

use daemonproxy_protocol::{Kill, Options, ServiceOption, ServiceView};

/// The last option that is wanted, of those that a service has.
pub(super) fn option<'a, T>(
    service: &'a ServiceView,
    wanted: impl Fn(ServiceOption<'a>) -> Option<T>,
) -> Option<T> {
    Options::new(service.options()).iter().filter_map(wanted).last()
}

/// What its stop is about.
pub(super) fn kill(service: &ServiceView) -> Kill {
    let kill = option(service, |option| match option {
        ServiceOption::Kill(kill) => Some(kill),
        _ => None,
    });
    kill.unwrap_or(Kill::Group)
}

/// Whether its processes are in a cgroup of their own.
pub(super) fn uses_cgroup(service: &ServiceView) -> bool {
    let uses = |option| {
        matches!(option, ServiceOption::Kill(Kill::Cgroup) | ServiceOption::Memory(_)).then_some(())
    };
    option(service, uses).is_some()
}

/// Whether its end is that of the daemon.
pub(super) fn is_main(service: &ServiceView) -> bool {
    option(service, |option| (option == ServiceOption::Main).then_some(())).is_some()
}
