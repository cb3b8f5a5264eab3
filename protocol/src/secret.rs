//! What must not be written to a log: the value of an environment variable.

/// The commands and events whose fields are environment variables, `KEY=VALUE`.
const ENVIRONMENT: [&[u8]; 4] = [b"service.env", b"service.env.apply", b"env", b"env.apply"];

/// What stands for a value: short, so that a line becomes at most a third longer.
const HIDDEN: &[u8] = b"*";

/// Appends a line as it may stand in a log: of environment variables only the names.
///
/// The line may be a command, with a tag or without, an event, or an error that quotes a command.
/// It is also recognised when there are spaces where TABs belong.
pub fn write_without_values(out: &mut Vec<u8>, line: &[u8]) {
    const QUOTES: [&[u8]; 2] = [b", for command \"", b"Unknown command: "];
    if line.starts_with(b"error\t") || line.starts_with(b"done\t") {
        for quote in QUOTES {
            let at = line.windows(quote.len()).position(|part| part == quote);
            if let Some((text, quoted)) = at.map(|at| line.split_at(at + quote.len())) {
                out.extend_from_slice(text);
                write_command(out, quoted);
                return;
            }
        }
    }
    write_command(out, line);
}

fn write_command(out: &mut Vec<u8>, line: &[u8]) {
    let is_separator = |byte: &u8| matches!(byte, b'\t' | b' ');
    let mut words = line.split(is_separator).skip_while(|word| word.starts_with(b"@"));
    if !words.next().is_some_and(|name| ENVIRONMENT.contains(&name)) {
        out.extend_from_slice(line);
        return;
    }
    // A TAB ends a value; what was meant by a space nobody knows, so it does not.
    for (nth, field) in line.split(|&byte| byte == b'\t').enumerate() {
        if nth > 0 {
            out.push(b'\t');
        }
        match field.iter().position(|&byte| byte == b'=') {
            Some(at) => {
                out.extend_from_slice(&field[..=at]);
                out.extend_from_slice(HIDDEN);
            }
            None => out.extend_from_slice(field),
        }
    }
}

#[cfg(test)]
mod tests {
    fn without_values(line: &str) -> String {
        let mut out = Vec::new();
        super::write_without_values(&mut out, line.as_bytes());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn values_are_left_out() {
        for (line, expected) in [
            ("service.env\tweb\tA=x y\tB%=%0A=\t!C", "service.env\tweb\tA=*\tB%=*\t!C"),
            ("@t\tenv.apply\tA=x\t-B", "@t\tenv.apply\tA=*\t-B"),
            ("env A=x B=y", "env A=*"),
            (
                "error\tno, for command \"service.env web A=x...\"",
                "error\tno, for command \"service.env web A=*",
            ),
            (
                "done\tt\tUnknownCommand\tUnknown command: env A=x",
                "done\tt\tUnknownCommand\tUnknown command: env A=*",
            ),
            ("error\tUnknown command: env A=x", "error\tUnknown command: env A=*"),
        ] {
            assert_eq!(without_values(line), expected);
        }
    }

    #[test]
    fn other_lines_stay_as_they_are() {
        for line in
            ["service.args\tweb\tA=x", "error\tno, for command \"echo A=x\"", "echo\tenv\tA=x"]
        {
            assert_eq!(without_values(line), line);
        }
    }
}
