//! What is different between two texts, line by line.

/// With more lines than this squared, all of what differs is shown as one piece.
const MOST: usize = 2000;
/// Lines around what is different.
const AROUND: usize = 2;

/// Nothing if they are the same.
pub(super) fn lines(old: &str, new: &str) -> Option<String> {
    if old == new {
        return None;
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let all = edits(&old, &new);
    let is_near = |at: usize| {
        let near = at.saturating_sub(AROUND)..(at + AROUND + 1).min(all.len());
        all[near].iter().any(|(sign, _)| *sign != ' ')
    };
    let mut text = String::new();
    let mut is_cut = false;
    for (at, (sign, line)) in all.iter().enumerate() {
        if is_near(at) {
            text += &format!("{sign} {line}\n");
        } else if !is_cut {
            text += "  …\n";
        }
        is_cut = !is_near(at);
    }
    Some(text)
}

/// The lines of both, with what became of them.
fn edits<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(char, &'t str)> {
    let front = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let back = old[front..].iter().rev().zip(new[front..].iter().rev());
    let back = back.take_while(|(a, b)| a == b).count();
    let (a, b) = (&old[front..old.len() - back], &new[front..new.len() - back]);
    let mut all: Vec<_> = old[..front].iter().map(|&line| (' ', line)).collect();
    if a.len() > MOST || b.len() > MOST {
        all.extend(a.iter().map(|&line| ('-', line)));
        all.extend(b.iter().map(|&line| ('+', line)));
    } else {
        middle(a, b, &mut all);
    }
    all.extend(old[old.len() - back..].iter().map(|&line| (' ', line)));
    all
}

/// By the longest sequence of lines that both have.
fn middle<'t>(a: &[&'t str], b: &[&'t str], all: &mut Vec<(char, &'t str)>) {
    let width = b.len() + 1;
    let mut common = vec![0u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i * width + j] = match a[i] == b[j] {
                true => common[(i + 1) * width + j + 1] + 1,
                false => common[(i + 1) * width + j].max(common[i * width + j + 1]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            all.push((' ', a[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == b.len()
            || i < a.len() && common[(i + 1) * width + j] >= common[i * width + j + 1]
        {
            all.push(('-', a[i]));
            i += 1;
        } else {
            all.push(('+', b[j]));
            j += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn what_differs_is_shown_with_what_is_around_it() {
        assert_eq!(lines("a\nb\n", "a\nb\n"), None);
        let old = "1\n2\n3\n4\nx\n5\n6\n7\n8\n";
        let new = "1\n2\n3\n4\ny\nz\n5\n6\n7\n";
        let text = "  …\n  3\n  4\n- x\n+ y\n+ z\n  5\n  6\n  7\n- 8\n";
        assert_eq!(lines(old, new).unwrap(), text);
        assert_eq!(lines("", "a\n").unwrap(), "+ a\n");
    }
}
