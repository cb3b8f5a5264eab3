//! What the Python package `daemonproxy` does in Rust: splitting lines, parsing them, and keeping
//! the view. Everything else, and all that a person touches, is Python: see `python/daemonproxy`.
//!
//! Rules: no I/O and no clock. A value for Python is only made if Python asks for it, so that an
//! event which nobody listens to costs no more than its parsing. Bytes that are not UTF-8 become
//! text the way file names do in Python, by `surrogateescape`.

mod decode;
mod judge;
mod view;

use pyo3::prelude::*;

#[pymodule]
mod _native {
    #[pymodule_export]
    use super::judge::{check_command, error_name, judge_command, judge_event};
    #[pymodule_export]
    use super::view::View;
}
