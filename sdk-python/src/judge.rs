//! Single lines: whether a command is well formed before it is sent, and what the parsers make of a
//! line, for those who write tests.

use daemonproxy_protocol::{Command, Event, tables};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};

/// Says what is wrong with a command, given as its fields; nothing if it can be sent.
#[pyfunction]
pub(crate) fn check_command(fields: &Bound<'_, PyList>) -> PyResult<Option<String>> {
    let fields: Vec<Vec<u8>> = fields.extract()?;
    // A field with a TAB in it would be two, one with an LF another command.
    if let Some(field) = fields.iter().find(|field| field.iter().any(|&byte| byte < b' ')) {
        return Ok(Some(format!(
            "a field holds a control character: \"{}\"",
            field.escape_ascii()
        )));
    }
    Ok(Command::parse(&fields.join(&b'\t')).err().map(|refusal| refusal.to_string()))
}

/// What the grammar calls the error with this text; nothing if it does not know it.
#[pyfunction]
pub(crate) fn error_name(text: &str) -> Option<&'static str> {
    tables::error_with_text(text.as_bytes()).map(|error| error.name)
}

/// The command as it would be written again.
#[pyfunction]
pub(crate) fn judge_command<'py>(py: Python<'py>, line: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
    let command = Command::parse(line).map_err(|error| PyValueError::new_err(error.to_string()))?;
    let mut again = Vec::new();
    command.encode(&mut again);
    Ok(PyBytes::new(py, &again))
}

/// The event as it would be written again; nothing if it is the answer of an echo.
#[pyfunction]
pub(crate) fn judge_event<'py>(
    py: Python<'py>,
    line: &[u8],
) -> PyResult<Option<Bound<'py, PyBytes>>> {
    let event = Event::parse(line).map_err(|error| PyValueError::new_err(error.to_string()))?;
    if event.name().is_none() {
        return Ok(None);
    }
    let mut again = Vec::new();
    event.encode(&mut again);
    Ok(Some(PyBytes::new(py, &again)))
}
