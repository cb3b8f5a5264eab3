//! What is wrong with a file, where, and what to write instead.
//!
//! Everything that is wrong is found in one go, so nothing here ends the work: problems are
//! collected, and shown at the end with the text that they are about (`render.rs`).

use std::ops::Range;

/// How bad it is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// It can, but hardly does what was meant.
    Warning,
}

/// A part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The index of the file.
    pub file: usize,
    /// Its bytes.
    pub span: Range<usize>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// What it is, in one line.
    pub message: String,
    /// Where it is, and what stands under the mark there. Without one it is about no text.
    pub place: Option<(Place, String)>,
    /// Another place that has to do with it.
    pub other: Option<(Place, String)>,
    /// What to write instead.
    pub help: Option<String>,
}

impl Problem {
    /// An error at this place.
    pub(crate) fn error(place: Place, message: impl Into<String>) -> Self {
        let (severity, message) = (Severity::Error, message.into());
        Self { severity, message, place: Some((place, String::new())), other: None, help: None }
    }

    /// An error about no text.
    pub(crate) fn nowhere(message: impl Into<String>) -> Self {
        let (severity, message) = (Severity::Error, message.into());
        Self { severity, message, place: None, other: None, help: None }
    }

    pub(crate) fn warning(place: Place, message: impl Into<String>) -> Self {
        Self::error(place, message).into_warning()
    }

    /// The same, but the file can be used.
    pub(crate) fn into_warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    /// What stands under the mark.
    pub(crate) fn label(mut self, text: impl Into<String>) -> Self {
        if let Some((_, label)) = &mut self.place {
            *label = text.into();
        }
        self
    }

    /// What to write instead.
    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    pub(crate) fn help_if(self, text: Option<String>) -> Self {
        Self { help: text.or(self.help), ..self }
    }

    /// Another place that has to do with it.
    pub(crate) fn other(mut self, place: Place, text: impl Into<String>) -> Self {
        self.other = Some((place, text.into()));
        self
    }

    /// Whether the file cannot be used because of it.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
