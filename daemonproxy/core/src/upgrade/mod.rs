//! Becoming a new version of oneself: the whole state as text, and back.
//!
//! [`asked`] is the command and [`upgrading`] what is kept of it, [`state`] has the form of the text,
//! [`value`] how single values are written, [`resume`] the whole. What is carried of each thing is
//! said beside that thing (`carried!`), so that nothing new can be forgotten.

pub(crate) mod asked;
pub(crate) mod resume;
pub(crate) mod state;
pub(crate) mod upgrading;
pub(crate) mod value;
