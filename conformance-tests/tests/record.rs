//! A session that was recorded can be played again, to the daemon and to a controller.

#![cfg(test)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use conformance_tests::suite;
use conformance_tests::transcript::Transcript;
use tempfile::TempDir;

const SUITE: &str = env!("CARGO_BIN_EXE_conformance-tests");
const SESSION: &[u8] = b"\
service.args\tweb\tsh\t-c\texit 3
service.start\tweb
service.start\tnobody
echo\tclient-4711-1
echo\tdone
";

/// A folder in which this session was recorded as `session.tsv`.
fn recorded(session: &[u8]) -> TempDir {
    let dir = TempDir::new().unwrap();
    let daemon = suite::find_daemon(Path::new(SUITE)).unwrap();
    let mut recorder = Command::new(SUITE)
        .args(["record", "-o", "session.tsv", "--"])
        .arg(daemon)
        .arg("-i")
        .current_dir(dir.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The end of the input is the end of the session.
    recorder.stdin.take().unwrap().write_all(session).unwrap();
    let output = recorder.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", output.status);
    let heard = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(heard.contains("client-4711-1\n"), "not passed on: {heard}");
    dir
}

#[test]
fn what_was_recorded_is_a_transcript() {
    let dir = recorded(SESSION);
    let text = std::fs::read_to_string(dir.path().join("session.tsv")).unwrap();
    let transcript = Transcript::parse("session", &text).unwrap();
    assert_eq!(transcript.to_string(), text);
    assert!(text.contains(">\tservice.start\tnobody\n"), "{text}");
    assert!(text.contains("<\tservice.state\tweb\tup\t{ts}\t{pid:1}\t"), "{text}");
    assert!(text.ends_with("!\tclosed\n!\tleaves\t0\n"), "{text}");
}

#[test]
fn what_was_recorded_can_be_played_to_the_state_machine() {
    let dir = recorded(b"service.start\tnobody\necho\tclient-4711-1\n");
    let text = std::fs::read_to_string(dir.path().join("session.tsv")).unwrap();
    assert!(text.contains(">\techo\t{text:1}\n") && text.contains("<\t{text:1}\n"), "{text}");
    let transcripts = dir.path().join("transcripts/recorded");
    std::fs::create_dir_all(&transcripts).unwrap();
    std::fs::write(transcripts.join("session.tsv"), text).unwrap();
    let played = Command::new(SUITE)
        .args(["run", "--subject", "core", "--transcripts", "transcripts"])
        .current_dir(dir.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&played.stdout);
    assert!(played.status.success(), "{said}{}", String::from_utf8_lossy(&played.stderr));
}

#[test]
fn what_was_recorded_can_be_played_to_a_controller() {
    let dir = recorded(SESSION);
    std::fs::write(dir.path().join("commands"), SESSION).unwrap();
    let replay = |script: &str| {
        Command::new(SUITE)
            .args(["replay", "--speed", "0", "session.tsv", "--", "sh", "-c", script])
            .current_dir(dir.path())
            .output()
            .unwrap()
    };
    let same = replay("sed s/4711/4712/ commands; exec cat > heard");
    assert!(same.status.success(), "{}", String::from_utf8_lossy(&same.stderr));
    let heard = std::fs::read_to_string(dir.path().join("heard")).unwrap();
    assert!(heard.contains("No such service"), "{heard}");
    assert!(heard.contains("client-4712-1"), "{heard}");

    let other = replay("echo statedump; exec cat > heard");
    let message = String::from_utf8_lossy(&other.stderr).into_owned();
    assert!(!other.status.success() && message.contains("statedump"), "{message}");

    // One that has ended before the last that the daemon said when it was recorded.
    std::fs::write(dir.path().join("session.tsv"), "# Hi.\n>\techo\thi\n<\thi\n<\tbye\n").unwrap();
    let gone = replay("exec <&-; printf 'echo\\thi\\n'; exit 7");
    let message = String::from_utf8_lossy(&gone.stderr).into_owned();
    assert_eq!(gone.status.code(), Some(7), "{message}");
}
