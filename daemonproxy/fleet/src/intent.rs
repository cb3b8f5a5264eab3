//! Whether what is in the store is newer than what was taken from it before.
//!
//! A store can be an old copy, or another one that was put in its place. Obeying it would undo what
//! was decided since, on all nodes at once. So only what is higher by (epoch, revision) is obeyed,
//! and whoever restores a store raises its epoch to say that this is meant.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::model::Identity;

/// What to do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is what was taken before.
    Same,
    /// It is to be applied.
    Newer,
    /// The store went back in time, and how that is known.
    WentBack(String),
}

pub(crate) fn judge(taken: Option<&Identity>, found: &Identity) -> Verdict {
    let Some(taken) = taken else { return Verdict::Newer };
    let back = |text: String| {
        let end = "not obeyed until the epoch rises (dpfleet epoch --raise)";
        Verdict::WentBack(format!("{text}: {end}"))
    };
    if found.epoch > taken.epoch {
        return Verdict::Newer;
    }
    if found.epoch < taken.epoch {
        let text = format!("the store is of epoch {}, after {}", found.epoch, taken.epoch);
        return back(text);
    }
    if found.created != taken.created {
        return back(format!("this is another store of the same epoch {}", found.epoch));
    }
    if found.revision > taken.revision {
        return Verdict::Newer;
    }
    if found.revision < taken.revision {
        return back(format!(
            "the store has revision {}, after {}",
            found.revision, taken.revision
        ));
    }
    match found.sha256 == taken.sha256 {
        true => Verdict::Same,
        false => back(format!("revision {} has another content than before", found.revision)),
    }
}

/// The SHA-256 of a file, as text.
pub(crate) fn digest(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        // Writing into a text does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Verdict, digest, judge};
    use crate::model::Identity;

    fn identity(created: &str, epoch: u64, revision: u64, content: &str) -> Identity {
        let sha256 = digest(content.as_bytes());
        Identity { created: created.into(), epoch, revision, sha256 }
    }

    #[test]
    fn only_what_is_higher_is_obeyed() {
        let taken = identity("a", 2, 10, "x");
        assert_eq!(judge(None, &taken), Verdict::Newer);
        assert_eq!(judge(Some(&taken), &taken), Verdict::Same);
        for newer in [
            identity("a", 2, 11, "x"),
            identity("a", 2, 11, "y"),
            identity("a", 3, 1, "y"),
            identity("b", 3, 10, "x"),
        ] {
            assert_eq!(judge(Some(&taken), &newer), Verdict::Newer, "{newer:?}");
        }
        for back in [
            identity("a", 2, 9, "x"),
            identity("a", 2, 10, "y"),
            identity("a", 1, 99, "y"),
            identity("b", 2, 10, "x"),
            identity("b", 2, 99, "y"),
        ] {
            let verdict = judge(Some(&taken), &back);
            assert!(matches!(verdict, Verdict::WentBack(_)), "{back:?}: {verdict:?}");
        }
    }

    #[test]
    fn a_digest_is_that_of_sha256sum() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest(b""), empty);
    }
}
