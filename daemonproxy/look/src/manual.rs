//! Manual pages: what clap knows about a command line, with what a person has written between its
//! parts, in the language of man(7).

use std::io;

use clap::Command;
use clap_mangen::Man;

/// Columns of a line of the page's source.
const WIDTH: usize = 80;

/// A page.
#[derive(Copy, Clone, Debug)]
pub struct Page<'p> {
    /// The first line, with `.TH`.
    pub title: &'p str,
    /// What comes between the options and the subcommands.
    pub prose: &'p str,
    /// What comes at the end.
    pub end: &'p str,
}

impl Page<'_> {
    /// The whole, and then each subcommand in a section of its own. Options that all of them have
    /// are in none of these if they are hidden in `command`.
    ///
    /// # Errors
    ///
    /// None: nothing is written anywhere.
    pub fn of(&self, command: &Command) -> io::Result<String> {
        let mut text = self.title.to_owned();
        text += &rendered(command, |man, out| {
            man.render_name_section(out)?;
            man.render_synopsis_section(out)?;
            man.render_options_section(out)
        })?;
        text.push_str(self.prose);
        for part in command.get_subcommands() {
            let name = format!("{} {}", command.get_name(), part.get_name());
            let part = part.clone().display_name(&name).bin_name(&name);
            let part = rendered(&part, |man, out| {
                man.render_description_section(out)?;
                man.render_synopsis_section(out)?;
                man.render_options_section(out)
            })?;
            text.push_str(&format!(".SH {}\n", name.to_uppercase()));
            text.push_str(&part.replace(".SH DESCRIPTION\n", "").replace(".SH ", ".SS "));
        }
        text.push_str(self.end);
        Ok(tidy(&text))
    }
}

/// The options of a command alone, as a section of this name.
///
/// # Errors
///
/// None: nothing is written anywhere.
pub fn options(command: &Command, name: &str) -> io::Result<String> {
    let part = rendered(command, |man, out| man.render_options_section(out))?;
    let lines = part.lines().filter(|line| !line.starts_with(".SH "));
    Ok(format!(".SH {name}\n{}\n", lines.collect::<Vec<_>>().join("\n")))
}

fn rendered(
    command: &Command,
    render: impl Fn(&Man, &mut Vec<u8>) -> io::Result<()>,
) -> io::Result<String> {
    let mut out = Vec::new();
    render(&Man::new(command.clone()), &mut out)?;
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
