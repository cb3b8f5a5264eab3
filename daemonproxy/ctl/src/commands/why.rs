//! `why`: what is known of why services run, or do not.

use daemonproxy_client::Client;
use daemonproxy_look::why;

use crate::failure::{OK, Result};
use crate::services::chosen;
use crate::style::{Paint, Style};
use crate::wrap::wrap;
use crate::{output, screen};

/// No terminal: sentences are not cut.
const ANY: usize = usize::MAX;

/// Says the chain of causes of each, in sentences.
pub(crate) fn why(client: &Client, names: &[String]) -> Result<u8> {
    let style = Style::of_stdout();
    let columns = screen::size().map_or(ANY, |(columns, _)| columns);
    let mut out = String::new();
    for name in chosen(client.view(), names)? {
        for (at, sentence) in why::all(&name, client.view()).iter().enumerate() {
            let (first, indent) = if at == 0 { (0, 2) } else { (2, 4) };
            for line in wrap(sentence, first, indent, columns) {
                let paint = if at == 0 { Paint::Bold } else { Paint::Plain };
                out += &style.paint(paint, &line);
                out.push('\n');
            }
        }
    }
    output::write(out.as_bytes())?;
    Ok(OK)
}
