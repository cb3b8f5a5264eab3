//! The token of those who may change something.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use subtle::ConstantTimeEq;
use tokio::sync::Mutex;

/// A shorter one could be guessed.
const SHORTEST: usize = 16;
const LONGEST: usize = 1024;
/// Wrong ones are answered one after the other, each so late.
const WRONG: Duration = Duration::from_millis(200);

/// What has to be said. It is never shown.
pub(super) struct Token {
    bytes: Vec<u8>,
    wrong: Mutex<()>,
}

impl Token {
    /// The one in this file: its first line.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let cannot = |why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
        let file = File::open(path).map_err(|error| cannot(&error))?;
        let mode = file.metadata().map_err(|error| cannot(&error))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(cannot(&"others may use this file: chmod 600 it"));
        }
        let mut text = Vec::new();
        let most = LONGEST as u64 + 1;
        file.take(most).read_to_end(&mut text).map_err(|error| cannot(&error))?;
        let line = text.split(|&byte| byte == b'\n').next().unwrap_or_default().trim_ascii();
        let is_plain = line.iter().all(u8::is_ascii_graphic);
        if !(SHORTEST..=LONGEST).contains(&line.len()) || !is_plain {
            return Err(cannot(&format_args!(
                "a token is {SHORTEST} to {LONGEST} visible characters of ASCII, on the first line"
            )));
        }
        Ok(Self { bytes: line.to_vec(), wrong: Mutex::new(()) })
    }

    /// Whether this is it. How long it takes says nothing of where they differ.
    pub(super) async fn is(&self, given: &[u8]) -> bool {
        if bool::from(self.bytes.ct_eq(given)) {
            return true;
        }
        let _one_by_one = self.wrong.lock().await;
        tokio::time::sleep(WRONG).await;
        false
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn read(text: &str, mode: u32) -> Result<Token, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        Token::read(&path)
    }

    #[test]
    fn a_token_is_long_and_only_ours() {
        assert_eq!(read("0123456789abcdef\n", 0o600).unwrap().bytes, b"0123456789abcdef");
        for (text, mode, why) in [
            ("0123456789abcde", 0o600, "16 to 1024"),
            ("", 0o600, "16 to 1024"),
            ("0123456789 abcdef", 0o600, "visible"),
            (&"x".repeat(LONGEST + 1), 0o600, "16 to 1024"),
            ("0123456789abcdef", 0o640, "chmod 600"),
        ] {
            let said = read(text, mode).err().unwrap();
            assert!(said.contains(why) && (text.is_empty() || !said.contains(text)), "{said}");
        }
    }
}
