//! How a problem is shown to a person.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::problem::{Place, Problem, Severity};
use crate::source::SourceFile;

impl Problem {
    /// As it is shown: with the text around it, and a mark under the place. Ends with LF.
    #[must_use]
    pub fn render(&self, files: &[SourceFile], colours: bool) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = Group::with_title(level.primary_title(&*self.message));
        let shown = |place: &Place| {
            let file = files.get(place.file)?;
            let end = file.text.len();
            let span =
                place.span.start.min(end)..place.span.end.clamp(place.span.start.min(end), end);
            Some((file, span))
        };
        let mut snippets: Vec<(usize, Snippet<'_, _>)> = Vec::new();
        let marks =
            [(&self.place, AnnotationKind::Primary), (&self.other, AnnotationKind::Context)];
        for (mark, kind) in marks {
            let Some((place, label)) = mark else { continue };
            let Some((file, span)) = shown(place) else { continue };
            let mut annotation = kind.span(span);
            if !label.is_empty() {
                annotation = annotation.label(&**label);
            }
            match snippets.iter().position(|(index, _)| *index == place.file) {
                Some(at) => {
                    let (index, snippet) = snippets.remove(at);
                    snippets.insert(at, (index, snippet.annotation(annotation)));
                }
                None => {
                    let snippet = Snippet::source(&*file.text).path(&*file.name);
                    snippets.push((place.file, snippet.annotation(annotation)));
                }
            }
        }
        for (_, snippet) in snippets {
            group = group.element(snippet);
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(&**help));
        }
        let renderer = if colours { Renderer::styled() } else { Renderer::plain() };
        let mut text = renderer.render(&[group]);
        text.push('\n');
        text
    }
}
