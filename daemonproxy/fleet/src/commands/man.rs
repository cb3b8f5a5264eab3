//! `man`: the manual page. What clap knows about the command line is generated; the rest is in
//! `src/manual`.

use clap::{Args, Command, CommandFactory};
use daemonproxy_look::manual::{Page, options};

use super::show;
use crate::cli::{Cli, STORE, StoreArgs};
use crate::failure::Result;

const PAGE: Page<'_> = Page {
    title: ".TH DPFLEET 1 2026-11-28 daemonproxy \"daemonproxy manual\"\n",
    prose: include_str!("../manual/prose.man"),
    end: include_str!("../manual/end.man"),
};

pub(super) fn man() -> Result<u8> {
    show::write(&page()?)?;
    Ok(0)
}

/// The options that lead to the store are those of nearly all subcommands: they are told once.
fn page() -> Result<String> {
    let store = options(
        &StoreArgs::augment_args(Command::new("dpfleet").disable_help_flag(true)),
        "THE STORE",
    )?;
    let hide = |part: Command| {
        part.mut_args(|arg| match arg.get_help_heading() == Some(STORE) {
            true => arg.hide(true),
            false => arg,
        })
    };
    let command = Cli::command().mut_subcommands(hide);
    let prose = format!("{}{store}", PAGE.prose);
    Ok(Page { prose: &prose, ..PAGE }.of(&command)?)
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn what_all_have_is_told_once() {
        let page = page().unwrap();
        for name in ["AGENT", "PUT", "ROLLOUT", "WEB"] {
            assert!(page.contains(&format!(".SH DPFLEET {name}\n")), "{name}");
        }
        assert_eq!(page.matches("fB\\-\\-creds").count(), 1, "{page}");
        assert!(!page.lines().any(|line| line.ends_with(' ')));
    }
}
