//! The logger as a black box: a real process that reads real pipes and writes real files.
//!
//! | what | tests |
//! |---|---|
//! | lines, labels, times, modes, what a line may be | [`lines`] |
//! | SIGKILL at any moment | [`killed`] |
//! | new files by size, age and signal; which archives stay; a directory that goes away | [`rotation`] |
//! | a clock that is set | [`clock`] |
//! | a disk that is full, a file that may not grow | [`disk`] |
//! | the end: end of input, SIGTERM, ^C | [`ending`] |
//! | the program that archives are handed to | [`then`] |
//! | the copy on standard error | [`tee`] |
//! | the command line, and a start that fails | [`start`] |
//! | memory | [`memory`] |

#![cfg(test)]

mod clock;
mod disk;
mod ending;
mod home;
mod killed;
mod lines;
mod memory;
mod preload;
mod rotation;
mod start;
mod tee;
mod then;
