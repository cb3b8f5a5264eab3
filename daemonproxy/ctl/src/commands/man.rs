//! `man`: the manual page. What clap knows about the command line is generated; what using it looks
//! like, with captures of a terminal, is in `src/manual`.

use clap::CommandFactory;
use daemonproxy_look::manual::Page;

use crate::cli::Cli;
use crate::failure::{OK, Result};
use crate::output;

const PAGE: Page<'_> = Page {
    title: ".TH DPCTL 1 2026-11-22 daemonproxy \"daemonproxy manual\"\n",
    prose: include_str!("../manual/prose.man"),
    end: include_str!("../manual/end.man"),
};

pub(crate) fn man() -> Result<u8> {
    output::manual(&page()?)?;
    Ok(OK)
}

fn page() -> Result<String> {
    Ok(PAGE.of(&Cli::command())?)
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn every_subcommand_has_its_section() {
        let page = page().unwrap();
        for name in ["STATUS", "SHELL", "TOP", "CHECK"] {
            assert!(page.contains(&format!(".SH DPCTL {name}\n")), "{name}");
        }
        assert!(page.contains(".SH A SESSION\n"));
        assert!(!page.lines().any(|line| line.ends_with(' ')));
    }
}
