//! `man`: the manual page. What clap knows about the command line is generated; what using it looks
//! like, with captures of a terminal, is in `src/manual`.

use clap::{Command, CommandFactory};

use crate::cli::Cli;
use crate::failure::{OK, Result};
use crate::output;

/// What comes between the options and the subcommands, and at the end, in the language of man(7).
const PROSE: &str = include_str!("../manual/prose.man");
const END: &str = include_str!("../manual/end.man");

const TITLE: &str = ".TH DPCTL 1 2026-11-22 daemonproxy \"daemonproxy manual\"\n";

/// Columns of a line of the page's source.
const WIDTH: usize = 80;

pub(crate) fn man() -> Result<u8> {
    output::write(page()?.as_bytes())?;
    Ok(OK)
}

/// One page: the whole, and then each subcommand.
fn page() -> Result<String> {
    let cli = Cli::command();
    let mut text = TITLE.to_owned();
    text += &rendered(&cli, |man, out| {
        man.render_name_section(out)?;
        man.render_synopsis_section(out)?;
        man.render_options_section(out)
    })?;
    text.push_str(PROSE);
    for command in cli.get_subcommands() {
        let name = format!("dpctl {}", command.get_name());
        let command = command.clone().display_name(&name).bin_name(&name);
        let part = rendered(&command, |man, out| {
            man.render_description_section(out)?;
            man.render_synopsis_section(out)?;
            man.render_options_section(out)
        })?;
        text.push_str(&format!(".SH {}\n", name.to_uppercase()));
        text.push_str(&part.replace(".SH DESCRIPTION\n", "").replace(".SH ", ".SS "));
    }
    text.push_str(END);
    Ok(tidy(&text))
}

fn rendered(
    command: &Command,
    render: impl Fn(&clap_mangen::Man, &mut Vec<u8>) -> std::io::Result<()>,
) -> Result<String> {
    let mut out = Vec::new();
    render(&clap_mangen::Man::new(command.clone()), &mut out)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// The same without what only a program would write: repeated definitions, trailing spaces, empty
/// lines for spacing, and sentences on one long line.
fn tidy(text: &str) -> String {
    let mut tidy = String::new();
    let mut as_it_is = false;
    for line in text.lines() {
        let line = line.trim_end();
        match line {
            ".nf" => as_it_is = true,
            ".fi" => as_it_is = false,
            _ => {}
        }
        let definition = line.starts_with(".ie \\n(.g") || line.starts_with(".el .ds Aq");
        let again = line == ".br" && tidy.ends_with("\n.br\n");
        if definition || again || (line.is_empty() && !as_it_is) {
            continue;
        }
        // The apostrophe, by the name that was defined for it.
        let line = line.replace("\\*(Aq", "\\(aq");
        if as_it_is || line.starts_with('.') {
            tidy.push_str(&line);
        } else {
            wrap(&line, &mut tidy);
        }
        tidy.push('\n');
    }
    tidy
}

fn wrap(line: &str, out: &mut String) {
    let mut column = 0;
    for word in line.split(' ') {
        // A line must not begin with what looks like a request.
        let fits = column + word.len() < WIDTH || word.starts_with(['.', '\'']);
        if column > 0 {
            out.push(if fits { ' ' } else { '\n' });
            column = if fits { column + 1 } else { 0 };
        }
        out.push_str(word);
        column += word.len();
    }
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
