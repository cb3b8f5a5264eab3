//! Writes all mutants of a file into it at once, each behind a question whether it is on.
//!
//! `a < b` becomes `(if mutant_switch::on(7) { a <= b } else { a < b })`, and a function begins with
//! `if mutant_switch::on(8) { return 0; }`. A mutant inside a mutated expression is woven into every
//! copy of it, so that each is there alone whatever the others are.

use std::ops::Range;

use proc_macro2::{LineColumn, Span};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::sample::{Genre, Mutant};

/// A file with mutants in it, and which part of it is whose.
pub(crate) struct Woven {
    pub(crate) text: String,
    /// The numbers of mutants, and where they are written. The more exact ones come later.
    pub(crate) places: Vec<(Vec<usize>, Range<usize>)>,
}

/// A change of the text: of one expression, or the insertion of something where `whole` is empty.
struct Edit {
    whole: Range<usize>,
    what: What,
}

enum What {
    Insert(usize, String),
    /// An operator, where it is, and what each mutant has instead.
    Operator(Range<usize>, Vec<(usize, String)>),
    /// The guard of an arm, which each mutant replaces, or which has no effect without its arm.
    Guard(Vec<(usize, String)>),
}

/// How mutants, with their numbers, get into the text of a file. Those that cannot be written with the
/// others are left out, and returned as well.
pub(crate) type Writer = fn(&str, &[(usize, &Mutant)]) -> Result<(Woven, Vec<usize>), String>;

/// Makes all changes at once, where none is inside another.
pub(crate) fn replace(
    text: &str,
    mutants: &[(usize, &Mutant)],
) -> Result<(Woven, Vec<usize>), String> {
    let mut changes: Vec<_> = mutants
        .iter()
        .filter_map(|&(id, mutant)| Some((mutant.range(text)?, id, mutant)))
        .collect();
    changes.sort_by_key(|(range, id, _)| (*range, *id));
    let (mut at, mut left) = (0, Vec::new());
    let mut woven = Woven { text: String::new(), places: Vec::new() };
    for ((start, end), id, mutant) in changes {
        if start < at {
            left.push(id);
            continue;
        }
        woven.text.push_str(&text[at..start]);
        let begin = woven.text.len();
        woven.text.push_str(&mutant.replacement);
        woven.places.push((vec![id], begin..woven.text.len()));
        at = end;
    }
    woven.text.push_str(&text[at..]);
    Ok((woven, left))
}

/// Weaves mutants into a file.
pub(crate) fn weave(
    text: &str,
    mutants: &[(usize, &Mutant)],
) -> Result<(Woven, Vec<usize>), String> {
    let file = syn::parse_file(text).map_err(|error| error.to_string())?;
    let mut finder = Finder {
        lines: line_starts(text),
        text,
        operators: Vec::new(),
        guards: Vec::new(),
        arms: Vec::new(),
    };
    finder.visit_file(&file);
    let mut edits: Vec<Edit> = Vec::new();
    let mut left = Vec::new();
    for &(id, mutant) in mutants {
        let Some((start, end)) = mutant.range(text) else {
            left.push(id);
            continue;
        };
        let instead = mutant.replacement.clone();
        let edit = match mutant.genre {
            Genre::FnValue => (!mutant.has_opaque_type()).then(|| Edit {
                whole: start..start,
                what: What::Insert(
                    id,
                    format!("if mutant_switch::on({id}) {{ return {instead}; }}\n"),
                ),
            }),
            Genre::BinaryOperator | Genre::UnaryOperator => {
                let found = finder.operators.iter().find(|(_, operator)| operator.start == start);
                found.map(|(whole, operator)| Edit {
                    whole: whole.clone(),
                    what: What::Operator(operator.clone(), vec![(id, instead)]),
                })
            }
            Genre::MatchArmGuard => finder
                .guards
                .contains(&(start..end))
                .then(|| Edit { whole: start..end, what: What::Guard(vec![(id, instead)]) }),
            Genre::MatchArm => {
                let found = finder.arms.iter().find(|arm| arm.start == start);
                found.map(|arm| match &arm.guard {
                    Some(guard) => {
                        Edit { whole: guard.clone(), what: What::Guard(vec![(id, "false".into())]) }
                    }
                    None => Edit {
                        whole: arm.pattern_end..arm.pattern_end,
                        what: What::Insert(id, format!(" if !mutant_switch::on({id})")),
                    },
                })
            }
            Genre::StructField => None,
        };
        match edit {
            Some(edit) => add(&mut edits, edit),
            None => left.push(id),
        }
    }
    edits.sort_by_key(|edit| {
        (edit.whole.start, !edit.whole.is_empty(), usize::MAX - edit.whole.end)
    });
    let mut woven = Woven { text: String::new(), places: Vec::new() };
    write(&mut woven, text, 0..text.len(), &edits);
    Ok((woven, left))
}

/// Adds an edit, or joins it with the one of the same expression.
fn add(edits: &mut Vec<Edit>, edit: Edit) {
    for other in edits.iter_mut().filter(|other| other.whole == edit.whole) {
        match (&mut other.what, &edit.what) {
            (What::Operator(_, ours), What::Operator(_, more))
            | (What::Guard(ours), What::Guard(more)) => {
                ours.extend(more.iter().cloned());
                return;
            }
            _ => {}
        }
    }
    edits.push(edit);
}

/// Writes a part of the text with the edits in it. They are sorted, the outer ones first.
fn write(woven: &mut Woven, text: &str, part: Range<usize>, edits: &[Edit]) {
    let mut at = part.start;
    for (index, edit) in edits.iter().enumerate() {
        let Range { start, end } = edit.whole;
        if start < at || end > part.end {
            continue;
        }
        woven.text.push_str(&text[at..start]);
        at = end;
        let begin = woven.text.len();
        let inner = &edits[index + 1..];
        match &edit.what {
            What::Insert(id, added) => {
                woven.text.push_str(added);
                woven.places.push((vec![*id], begin..woven.text.len()));
            }
            What::Operator(operator, instead) => {
                let all = woven.places.len();
                woven.places.push((instead.iter().map(|(id, _)| *id).collect(), begin..begin));
                woven.text.push('(');
                for (id, other) in instead {
                    let one = woven.text.len();
                    woven.text.push_str(&format!("if mutant_switch::on({id}) {{ "));
                    write(woven, text, start..operator.start, inner);
                    woven.text.push_str(other);
                    write(woven, text, operator.end..end, inner);
                    woven.text.push_str(" }");
                    woven.places.push((vec![*id], one..woven.text.len()));
                    woven.text.push_str(" else ");
                }
                woven.text.push_str("{ ");
                write(woven, text, start..operator.start, inner);
                woven.text.push_str(&text[operator.clone()]);
                write(woven, text, operator.end..end, inner);
                woven.text.push_str(" })");
                woven.places[all].1.end = woven.text.len();
            }
            What::Guard(instead) => {
                woven.text.push('(');
                for (id, other) in instead {
                    woven.text.push_str(&format!("if mutant_switch::on({id}) {{ {other} }} else "));
                }
                woven.text.push_str("{ ");
                write(woven, text, start..end, inner);
                woven.text.push_str(" })");
                let ids = instead.iter().map(|(id, _)| *id).collect();
                woven.places.push((ids, begin..woven.text.len()));
            }
        }
    }
    woven.text.push_str(&text[at..part.end]);
}

/// An arm of a match.
struct Arm {
    start: usize,
    pattern_end: usize,
    guard: Option<Range<usize>>,
}

/// Finds expressions with an operator, and the guards and arms of every match.
struct Finder<'a> {
    text: &'a str,
    lines: Vec<usize>,
    /// The whole expression, and its operator.
    operators: Vec<(Range<usize>, Range<usize>)>,
    guards: Vec<Range<usize>>,
    arms: Vec<Arm>,
}

impl Finder<'_> {
    fn offset(&self, place: LineColumn) -> usize {
        let start = self.lines[place.line - 1];
        let before = self.text[start..].chars().take(place.column);
        start + before.map(char::len_utf8).sum::<usize>()
    }

    fn range(&self, span: Span) -> Range<usize> {
        self.offset(span.start())..self.offset(span.end())
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_expr_binary(&mut self, node: &'ast syn::ExprBinary) {
        let found = (self.range(node.span()), self.range(node.op.span()));
        self.operators.push(found);
        visit::visit_expr_binary(self, node);
    }

    fn visit_expr_unary(&mut self, node: &'ast syn::ExprUnary) {
        let found = (self.range(node.span()), self.range(node.op.span()));
        self.operators.push(found);
        visit::visit_expr_unary(self, node);
    }

    fn visit_arm(&mut self, node: &'ast syn::Arm) {
        let guard = node.guard.as_ref().map(|(_, guard)| self.range(guard.span()));
        self.guards.extend(guard.clone());
        let (start, pattern_end) = (self.range(node.span()).start, self.range(node.pat.span()).end);
        self.arms.push(Arm { start, pattern_end, guard });
        visit::visit_arm(self, node);
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}
