//! Lines: what stands in front of them, and that nothing else happens to them.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;

use daemonproxy_testing::{eventually, pipe};

use crate::home::{Home, Logger};

/// `2026-08-01T12:34:56.123456Z ` as `0000-00-00T00:00:00.000000Z `.
fn without_digits(line: &str) -> String {
    let (time, rest) = line.split_at(28);
    time.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect::<String>() + rest
}

#[test]
fn each_line_has_the_time_in_front() {
    let home = Home::new();
    let text = home.log("", b"one\ntwo\n");
    let lines: Vec<_> = text.lines().map(without_digits).collect();
    assert_eq!(lines, ["0000-00-00T00:00:00.000000Z one", "0000-00-00T00:00:00.000000Z two"]);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let text = Home::new().log("--time unix", b"three\n");
    let (time, rest) = text.split_once(' ').unwrap();
    assert_eq!(rest, "three\n");
    assert!((time.parse::<f64>().unwrap() - now.as_secs_f64()).abs() < 120.0, "{time}");
    let text = Home::new().log("--time tai64n", b"four\n");
    assert!(
        text.starts_with("@40000000") && text.ends_with(" four\n") && text.len() == 31,
        "{text}"
    );
}

#[test]
fn bytes_stay_bytes() {
    let home = Home::new();
    let every: Vec<u8> = (0..=255).filter(|&byte| byte != b'\n').chain([b'\n']).collect();
    home.log("--time none", &[&every[..], b"\n\0\n\xff\xfe\r\n"].concat());
    assert_eq!(home.current_bytes(), [&every[..], b"\n\0\n\xff\xfe\r\n"].concat());
}

#[test]
fn the_last_line_gets_its_end() {
    let home = Home::new();
    assert_eq!(home.log("--time none", b"one\ntwo"), "one\ntwo\n");
    assert_eq!(home.log("--time none", b"three\n"), "one\ntwo\nthree\n");
}

#[test]
fn a_line_that_was_torn_gets_its_end_at_the_next_start() {
    let home = Home::new();
    home.log("--time none", b"one\n");
    fs::write(home.logs().join("current"), b"one\ntw").unwrap();
    let mut logger = home.start("--time none");
    eventually("the end of the line", || (home.current() == "one\ntw\n").then_some(()));
    logger.write(b"three\n");
    logger.finish();
    assert_eq!(home.current(), "one\ntw\nthree\n");
}

#[test]
fn a_line_that_is_too_long_is_cut() {
    let home = Home::new();
    let long = "x".repeat(100) + &"y".repeat(100) + "z";
    let text = home.log("--time none --max-line 100", format!("{long}\nshort\n").as_bytes());
    let (x, y) = ("x".repeat(100), "y".repeat(100));
    assert_eq!(text, format!("{x}[...]\n[...]{y}[...]\n[...]z\nshort\n"));
}

#[test]
fn a_line_of_a_hundred_megabytes() {
    let home = Home::new();
    let mut logger = home.start("--time none --size 0");
    let piece = vec![b'a'; 1 << 20];
    for _ in 0..100 {
        logger.write(&piece);
    }
    logger.write(b"\nend\n");
    logger.finish();
    let bytes = home.current_bytes();
    assert_eq!(bytes.iter().filter(|&&byte| byte == b'a').count(), 100 << 20);
    assert!(bytes.ends_with(b"a\nend\n"));
    assert_eq!(bytes.iter().filter(|&&byte| byte == b'\n').count(), 6401);
}

#[test]
fn others_have_no_business_in_it() {
    let home = Home::new();
    home.log("", b"one\n");
    let mode = |path: &str| fs::metadata(home.path(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("deep"), 0o750);
    assert_eq!(mode("deep/logs"), 0o750);
    assert_eq!(mode("deep/logs/current"), 0o640);
}

/// Ten inputs, each with its label; they end one after the other, and the others go on.
#[test]
fn several_descriptors_have_labels() {
    let home = Home::new();
    let options: String = (3..13).map(|fd| format!(" --fd {fd}=s{fd}")).collect();
    let mut setup = home.setup(&format!("--time none{options}")).no_input();
    let mut writers = Vec::new();
    for number in 3..13 {
        let (reader, writer) = pipe();
        setup = setup.inherits(reader, number);
        writers.push(std::fs::File::from(writer));
    }
    let logger = Logger::new(setup);
    // Nobody's unfinished line gets into another's.
    for (at, writer) in writers.iter_mut().enumerate() {
        write!(writer, "begun by {at}").unwrap();
    }
    let mut expected = Vec::new();
    for at in 0..10 {
        for writer in &mut writers {
            writeln!(writer, ", round {at}").unwrap();
        }
        for label in at + 3..13 {
            let begun = if at == 0 { format!("begun by {}", label - 3) } else { String::new() };
            expected.push(format!("s{label}: {begun}, round {at}"));
        }
        eventually("all lines of this round", || {
            (home.current().lines().count() == expected.len()).then_some(())
        });
        writers.remove(0);
    }
    logger.finish();
    let text = home.current();
    let mut lines: Vec<_> = text.lines().collect();
    for label in 3..13 {
        let of_it = |line: &&&str| line.starts_with(&format!("s{label}: "));
        let found: Vec<_> = lines.iter().filter(of_it).collect();
        assert_eq!(found.len(), label - 2);
        assert!(found.windows(2).all(|pair| pair[0] != pair[1]), "in order: {found:?}");
    }
    lines.sort_unstable();
    expected.sort_unstable();
    assert_eq!(lines, expected);
}
