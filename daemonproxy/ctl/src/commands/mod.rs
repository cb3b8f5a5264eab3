//! The subcommands.

mod change;
mod events;
mod list;
mod man;
mod send;
mod settings;
mod start;
mod stop;
pub(crate) mod wait;
mod why;

use daemonproxy_client::{Client, Connection, find};

use crate::cli::{Cli, Command};
use crate::failure::{Failure, OK, Result};
use crate::{check, completion, file, label, logs, run as runs, shell, top};

/// Carries out a command line, and gives the exit status.
pub(crate) fn run(cli: &Cli) -> Result<u8> {
    let connect = || Ok::<_, Failure>(Connection::connect(&find(cli.socket.as_deref())?)?);
    let client = || Ok::<_, Failure>(Client::connect_to(&find(cli.socket.as_deref())?)?);
    // With the settings as well, where they are told.
    let knowing = || {
        let socket = find(cli.socket.as_deref())?;
        let client = daemonproxy_apply::connect(&socket);
        Ok::<_, Failure>(client.or_else(|_| Client::connect_to(&socket))?)
    };
    match &cli.command {
        Command::Status(listed) => list::status(&client()?, listed),
        Command::Ls { fds: false, listed } => list::names(&client()?, listed),
        Command::Ls { fds: true, listed } => list::fds(&client()?, listed),
        Command::Why(names) => why::why(&knowing()?, &names.names),
        Command::Ok(names) => list::ok(&client()?, &names.names),
        Command::Start(timed) => change::start(&mut client()?, timed),
        Command::Stop(stopped) => change::stop(&mut client()?, stopped),
        Command::Restart(stopped) => change::restart(&mut client()?, stopped),
        Command::Run { like, program } => runs::run(cli.socket.as_deref(), like, program),
        Command::Guard { name } => runs::guard(&find(cli.socket.as_deref())?, name),
        Command::Up { interval, timed } => change::up(&mut client()?, *interval, timed),
        Command::Release(names) => change::release(&mut client()?, names),
        Command::Down(names) => change::down(&mut client()?, names),
        Command::Reload(names) => change::each(&mut client()?, "service.reload", names),
        Command::Ready(names) => change::each(&mut client()?, "service.ready", names),
        Command::Deadman(names) => change::each(&mut client()?, "service.deadman", names),
        Command::Hup(names) => change::signal(&mut client()?, "HUP", names, false),
        Command::Signal { signal, names, group } => {
            change::signal(&mut client()?, signal, names, *group)
        }
        Command::Wait { names, state, timeout } => {
            wait::wait(&mut client()?, names, *state, *timeout)
        }
        Command::Events { follow, timeout, names, format } => {
            events::events(&mut Client::new(connect()?), *follow, *timeout, names, *format)
        }
        Command::Logs(logged) => logs::logs(client()?.view(), logged),
        Command::Dump => send::dump(&mut Client::new(connect()?)),
        Command::Send { format, fields } => {
            send::send(&mut Client::new(connect()?), fields, *format)
        }
        Command::Tags { name, changes } => change::tags(&mut client()?, name, changes),
        Command::Options { name, changes } => settings::options(&mut client()?, name, changes),
        Command::Env { name, all, changes } => {
            settings::env(&mut client()?, name.as_deref(), *all, changes)
        }
        Command::Shutdown { timeout, guard } => change::shutdown(&mut client()?, *timeout, *guard),
        Command::Upgrade { program, guard } => {
            change::upgrade(&mut client()?, program.as_deref(), *guard)
        }
        Command::Check { files } => check::check(files),
        Command::Validate { file } => file::validate(file),
        Command::Schema => file::schema(),
        Command::Import(foreign) => file::import(foreign),
        Command::Plan(planned) => file::plan(cli.socket.as_deref(), planned),
        Command::Export { owner, secrets } => {
            file::export(cli.socket.as_deref(), owner.as_deref(), *secrets)
        }
        Command::Apply(applied) => file::apply(cli.socket.as_deref(), applied),
        Command::Shell { raw, follow, control_fd, show_fd } => {
            shell::shell(&connect, *raw, *control_fd, show_fd, follow)
        }
        Command::Who(shown) => list::who(&mut Client::new(connect()?), shown),
        Command::Top { names, delay } => top::top(&mut client()?, names, *delay),
        Command::Label { fd } => label::label(fd),
        Command::Completions { shell } => completion::write_script(*shell).map(|()| OK),
        Command::Man { file: false } => man::man(),
        Command::Man { file: true } => file::manual(),
    }
}
