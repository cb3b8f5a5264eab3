//! What a logger is, without a system call.

pub(crate) mod batch;
pub(crate) mod limits;
pub(crate) mod loss;
pub(crate) mod moment;
pub(crate) mod name;
pub(crate) mod split;
pub(crate) mod text;
