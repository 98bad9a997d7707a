// SPDX-License-Identifier: LGPL-2.1-only
//! The decision tree of one system call, and its picture.

use std::fmt::Write as _;

use scmp_verify::decision::{Field, Function, Term, Unanswered};

use crate::matrix::Explorer;
use crate::text;
use crate::wording::{self, ArchCall};

/// What a call gets, one argument after the other.
pub enum Tree {
    Leaf {
        value: u32,
        action: String,
    },
    /// A condition on the next argument that matters, and what follows.
    Branches(Vec<(String, Tree)>),
}

/// The most leaves of a tree.
const MAX_LEAVES: usize = 1000;

/// The tree of a function of arguments.
///
/// # Errors
/// [`Unanswered::GaveUp`], also if it has more than 1,000 leaves.
pub fn of(
    explorer: &mut Explorer,
    function: Function,
    call: ArchCall<'_>,
) -> Result<Tree, Unanswered> {
    let mut left = MAX_LEAVES;
    grow(explorer, function, call, &Field::ALL, &mut left)
}

fn grow(
    explorer: &mut Explorer,
    function: Function,
    call: ArchCall<'_>,
    fields: &[Field],
    left: &mut usize,
) -> Result<Tree, Unanswered> {
    if let Some(value) = explorer.analysis.constant_value(function) {
        *left = left.checked_sub(1).ok_or(Unanswered::GaveUp)?;
        let action = wording::action(call.arch, value);
        return Ok(Tree::Leaf { value, action });
    }
    let [field, rest @ ..] = fields else {
        return Err(Unanswered::GaveUp);
    };
    let parts = explorer.analysis.split(function, *field)?;
    if let [(_, only)] = parts[..] {
        return grow(explorer, only, call, rest, left);
    }
    let mut branches = Vec::new();
    for (set, next) in parts {
        let tests = vec![set];
        let tests = wording::tests(&mut explorer.analysis, &Term { tests }, call)?;
        let condition: String = tests.into_iter().map(|test| test.text).collect();
        branches.push((condition, grow(explorer, next, call, rest, left)?));
    }
    // The condition that is longest to write is what is left.
    if let Some(longest) = branches.iter_mut().max_by_key(|(text, _)| text.len()) {
        longest.0 = "otherwise".to_string();
    }
    branches.sort_by_key(|(text, _)| text == "otherwise");
    Ok(Tree::Branches(branches))
}

/// The height of a line and the width of a character, in pixels.
const LINE: usize = 28;
const CHARACTER: usize = 8;

/// The picture of a tree: the root at the left, a line for each leaf.
pub fn svg(tree: &Tree, title: &str) -> String {
    let mut widths = Vec::new();
    measure(tree, 0, &mut widths);
    // Where each level begins.
    let mut starts = vec![title.chars().count() * CHARACTER + 40];
    for width in &widths {
        starts.push(starts[starts.len() - 1] + width * CHARACTER + 60);
    }
    let mut body = String::new();
    let mut next_line = 0;
    let root = draw(tree, 0, &starts, &mut next_line, &mut body);
    let (width, height) = (starts[starts.len() - 1] + 140, (next_line + 1) * LINE);
    let title = text::in_xml(title);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"monospace\" font-size=\"13\">\n\
         <title>{title}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"10\" y=\"{}\" font-weight=\"bold\">{title}</text>\n{body}</svg>\n",
        root + 4
    )
}

/// The longest condition of each level.
fn measure(tree: &Tree, level: usize, widths: &mut Vec<usize>) {
    if let Tree::Branches(branches) = tree {
        if widths.len() == level {
            widths.push(0);
        }
        for (condition, next) in branches {
            widths[level] = widths[level].max(condition.chars().count());
            measure(next, level + 1, widths);
        }
    }
}

/// Draws what hangs below a node, and says at which height the node is.
fn draw(
    tree: &Tree,
    level: usize,
    starts: &[usize],
    next_line: &mut usize,
    body: &mut String,
) -> usize {
    let x = starts[level];
    match tree {
        Tree::Leaf { value, action } => {
            *next_line += 1;
            let y = *next_line * LINE;
            let colour = match wording::is_refusal(*value) {
                true => "#c62828",
                false => "#2e7d32",
            };
            let text = text::in_xml(action);
            let _ = writeln!(
                body,
                "<text x=\"{x}\" y=\"{}\" fill=\"{colour}\">{text}</text>",
                y + 4
            );
            y
        }
        Tree::Branches(branches) => {
            let mut heights = Vec::new();
            for (condition, next) in branches {
                let y = draw(next, level + 1, starts, next_line, body);
                let text = text::in_xml(condition);
                let (label, end) = (x + 30, starts[level + 1] - 10);
                let _ = writeln!(body, "<text x=\"{label}\" y=\"{}\">{text}</text>", y - 4);
                let _ = writeln!(body, "<path d=\"M{} {y}H{end}\" stroke=\"#999\"/>", x + 20);
                heights.push(y);
            }
            let (first, last) = (heights[0], heights[heights.len() - 1]);
            let middle = (first + last) / 2;
            let bar = x + 20;
            let _ = writeln!(
                body,
                "<path d=\"M{x} {middle}H{bar}M{bar} {first}V{last}\" stroke=\"#999\" fill=\"none\"/>"
            );
            middle
        }
    }
}
