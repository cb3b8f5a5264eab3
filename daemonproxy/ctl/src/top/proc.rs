//! What processes use, from `/proc/PID/stat` (proc(5)).

use std::collections::HashMap;
use std::time::Instant;

/// All processes at one moment.
pub(super) struct Snapshot {
    pub(super) at: Instant,
    processes: HashMap<i32, Process>,
    children: HashMap<i32, Vec<i32>>,
}

struct Process {
    /// Seconds of processor time so far.
    cpu: f64,
    /// Resident memory in bytes.
    memory: u64,
}

impl Snapshot {
    pub(super) fn take() -> Self {
        let mut snapshot =
            Self { at: Instant::now(), processes: HashMap::new(), children: HashMap::new() };
        let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        for entry in entries {
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
                continue;
            };
            // One that has ended meanwhile is left out.
            let stat = std::fs::read(entry.path().join("stat")).unwrap_or_default();
            if let Some((parent, process)) = parse(&stat) {
                snapshot.processes.insert(pid, process);
                snapshot.children.entry(parent).or_default().push(pid);
            }
        }
        snapshot
    }

    /// Processor time and memory of a process and all its descendants.
    pub(super) fn of_tree(&self, root: i32) -> (f64, u64) {
        let mut total = (0.0, 0);
        let mut left = vec![root];
        while let Some(pid) = left.pop() {
            if let Some(process) = self.processes.get(&pid) {
                total = (total.0 + process.cpu, total.1 + process.memory);
            }
            left.extend(self.children.get(&pid).into_iter().flatten());
        }
        total
    }
}

/// The parent, and what is used. The name of the program is in parentheses and may contain any
/// byte.
fn parse(stat: &[u8]) -> Option<(i32, Process)> {
    let end = stat.iter().rposition(|&byte| byte == b')')?;
    let rest = std::str::from_utf8(&stat[end + 1..]).ok()?;
    // The third field in proc(5) is the first here.
    let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
    let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
    let parent = i32::try_from(field(4)?).ok()?;
    let cpu = (field(14)? + field(15)?) as f64 / system(libc::_SC_CLK_TCK) as f64;
    Some((parent, Process { cpu, memory: field(24)? * system(libc::_SC_PAGESIZE) }))
}

fn system(name: libc::c_int) -> u64 {
    // SAFETY: sysconf only reads its argument.
    let value = unsafe { libc::sysconf(name) };
    u64::try_from(value).unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_parentheses() {
        let stat = b"7 (a) b) S 3 7 7 0 -1 4194560 1 0 0 0 100 50 0 0 20 0 1 0 5 1000 2 1";
        let (parent, process) = parse(stat).unwrap();
        assert_eq!(parent, 3);
        assert_eq!(process.memory, 2 * system(libc::_SC_PAGESIZE));
        assert!((process.cpu * system(libc::_SC_CLK_TCK) as f64 - 150.0).abs() < 1e-6);
    }

    #[test]
    fn this_process_is_there() {
        let own = i32::try_from(std::process::id()).unwrap();
        assert!(Snapshot::take().of_tree(own).1 > 0);
    }
}
