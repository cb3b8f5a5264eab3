//! What was probably meant: the nearest key, and the words of other tools.

/// What other tools call it, and what it is called here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("command", "run"),
    ("cmd", "run"),
    ("exec", "run"),
    ("ExecStart", "run"),
    ("execstart", "run"),
    ("entrypoint", "run"),
    ("program", "run"),
    ("args", "run, with the arguments in it"),
    ("script", "sh"),
    ("shell", "sh"),
    ("depends_on", "after"),
    ("depends", "after"),
    ("requires", "after"),
    ("Requires", "after"),
    ("wants", "after"),
    ("After", "after"),
    ("needs", "after"),
    ("dependencies", "after"),
    ("depends-on", "after"),
    ("waits-for", "after"),
    ("autorestart", "restart = \"always\", \"on-failure\" or \"never\""),
    ("Restart", "restart = \"always\", \"on-failure\" or \"never\""),
    ("restart_policy", "restart"),
    ("RestartSec", "restart = { delay = … }"),
    ("startsecs", "restart = { max = … }"),
    ("startretries", "restart = { giveup = { times = …, within = … } }"),
    ("StartLimitBurst", "restart = { giveup = { times = …, within = … } }"),
    ("numprocs", "instances"),
    ("replicas", "instances"),
    ("scale", "instances"),
    ("processes", "instances"),
    ("directory", "cwd"),
    ("working_dir", "cwd"),
    ("WorkingDirectory", "cwd"),
    ("workdir", "cwd"),
    ("dir", "cwd"),
    ("chdir", "cwd"),
    ("environment", "env"),
    ("Environment", "env"),
    ("envs", "env"),
    ("EnvironmentFile", "env_file"),
    ("envfile", "env_file"),
    ("User", "user"),
    ("uid", "user"),
    ("Group", "group"),
    ("gid", "group"),
    ("SupplementaryGroups", "groups"),
    ("stopsignal", "stop = { signal = … }"),
    ("stop_signal", "stop = { signal = … }"),
    ("KillSignal", "stop = { signal = … }"),
    ("stopwaitsecs", "stop = { after = … }"),
    ("stop_grace_period", "stop = { after = … }"),
    ("TimeoutStopSec", "stop = { after = … }"),
    ("kill_timeout", "stop = { after = … }"),
    ("stopasgroup", "nothing: a stop is about the whole process group"),
    ("killasgroup", "nothing: a stop is about the whole process group"),
    ("autostart_delay", "restart = { delay = … }"),
    ("redirect_stderr", "nothing: the log has both"),
    ("stdout_logfile", "log = true, or stdout = { file = … }"),
    ("stderr_logfile", "log = true, or stderr = { file = … }"),
    ("logfile", "log = true"),
    ("logging", "log"),
    ("logs", "log = true here, and logs = … in [daemon]"),
    ("healthcheck", "health"),
    ("cron", "schedule = { cron = … }"),
    ("OnCalendar", "schedule = { cron = … }"),
    ("ports", "listen"),
    ("ListenStream", "listen"),
    ("sockets", "listen"),
    ("socket", "listen"),
    ("ulimits", "limits"),
    ("LimitNOFILE", "limits = { nofile = … }"),
    ("rlimits", "limits"),
    ("mem_limit", "memory"),
    ("MemoryMax", "memory"),
    ("oom_score_adj", "oom"),
    ("OOMScoreAdjust", "oom"),
    ("UMask", "umask"),
    ("Nice", "nice"),
    ("priority", "after, which says what must hold first; or nice"),
    ("NoNewPrivileges", "no_new_privs"),
    ("Type", "ready"),
    ("type", "ready"),
    ("disabled", "enabled = false"),
    ("labels", "tags"),
    ("exitcodes", "success"),
    ("SuccessExitStatus", "success"),
    ("name", "the name in [service.NAME]"),
    ("WatchdogSec", "watchdog"),
    ("ExecReload", "reload = SIGNAL"),
    ("namespace", "[groups]"),
    ("ExecStartPre", "a service of its own with restart = \"never\", and after = [\"done:NAME\"]"),
    ("ExecStop", "stop = { signal = … }"),
];

/// The same for the top of the file.
const ELSEWHERE_AT_THE_TOP: &[(&str, &str)] = &[
    ("services", "[service.NAME]"),
    ("program", "[service.NAME]"),
    ("programs", "[service.NAME]"),
    ("process", "[service.NAME]"),
    ("processes", "[service.NAME]"),
    ("Service", "[service.NAME]"),
    ("default", "[defaults]"),
    ("group", "[groups]"),
    ("supervisord", "[daemon]"),
    ("global", "[daemon]"),
    ("Unit", "[service.NAME]"),
    ("Install", "nothing: a service in this file is started"),
    ("version", "nothing"),
    ("name", "name in [daemon]"),
    ("logs", "logs in [daemon]"),
    ("files", "include"),
];

/// The same for words that are values.
pub(crate) const WORDS: &[(&str, &str)] = &[
    ("unless-stopped", "always"),
    ("no", "never"),
    ("false", "never"),
    ("none", "never"),
    ("true", "always"),
    ("on_failure", "on-failure"),
    ("onfailure", "on-failure"),
    ("unexpected", "on-failure"),
    ("failure", "on-failure"),
    ("on-abnormal", "on-failure"),
    ("on-abort", "on-failure"),
    ("yes", "always"),
    ("oneshot", "never"),
    ("once", "never"),
];

/// What another tool's word for a key is here.
pub(crate) fn elsewhere(word: &str, at_the_top: bool) -> Option<&'static str> {
    let words = if at_the_top { ELSEWHERE_AT_THE_TOP } else { ELSEWHERE };
    words.iter().find(|(theirs, _)| *theirs == word).map(|(_, ours)| *ours)
}

/// What another tool's word is here that differs from `word` least.
pub(crate) fn near_elsewhere(word: &str, at_the_top: bool) -> Option<&'static str> {
    let words = if at_the_top { ELSEWHERE_AT_THE_TOP } else { ELSEWHERE };
    // Of short words too many are near.
    let near = nearest(word, words.iter().map(|(theirs, _)| *theirs).filter(|it| it.len() > 4))?;
    elsewhere(near, at_the_top)
}

/// The one that differs from `word` least, if it is not something else altogether.
#[must_use]
pub fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    // A text that long is no typo.
    if word.len() > 64 {
        return None;
    }
    let most = (word.chars().count() / 3).clamp(1, 3);
    let near = known.map(|known| (distance(word, known), known));
    near.filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|it| it.1)
}

/// How many letters have to be changed, put in, left out, or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1].to_lowercase().ne(b[j - 1].to_lowercase()));
            let mut best =
                (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{FILE, SERVICE};

    #[test]
    fn the_nearest_is_found() {
        let known = ["run", "restart", "env_file"];
        assert_eq!(nearest("rnu", known.into_iter()), Some("run"));
        assert_eq!(nearest("Restrat", known.into_iter()), Some("restart"));
        assert_eq!(nearest("env-file", known.into_iter()), Some("env_file"));
        assert_eq!(nearest("bogus", known.into_iter()), None);
    }

    /// A word of this file is never explained as one of another tool.
    #[test]
    fn words_of_other_tools_are_not_ours() {
        for key in SERVICE {
            assert_eq!(elsewhere(key.name, false), None);
        }
        for key in FILE {
            assert_eq!(elsewhere(key.name, true), None);
        }
        for info in crate::option::keys() {
            assert_eq!(elsewhere(info.name, false), None);
        }
    }
}
