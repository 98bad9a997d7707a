// SPDX-License-Identifier: LGPL-2.1-only
//! The filter that docs/compiler.md follows through every stage. The data in that page's
//! blocks, and the sources of its pictures, are what the stages make of the filter:
//! `BLESS=1 cargo test -p scmp-core worked_example` writes them anew.

use std::path::Path;

use super::*;
use crate::codegen::worked_example::{Described, describe};
use crate::policy::worked_example as policy;
use crate::rule::Optimization;

/// Action, system call, and comparisons.
type Rule = (&'static str, &'static str, &'static str);

const RULES: [Rule; 9] = [
    ("allow", "read", ""),
    ("allow", "write", ""),
    ("allow", "socket", "a0 == 40"),
    ("allow", "socket", "a0 != 16, a1 == 1"),
    ("allow", "socket", "a0 == 2, a1 == 2"),
    ("allow", "socket", "a1 == 2"),
    ("allow", "socket", "a0 == 10, a1 == 2"),
    ("kill-process", "socket", "a0 == 40"),
    ("kill-process", "socket", "a0 == 0x100000028"),
];

fn comparisons(text: &str) -> Comparisons {
    text.parse().unwrap()
}

/// A filter without rules, for these architectures on every host.
fn filter_for(arches: &[Arch]) -> Filter {
    let mut filter = Filter::new(Action::errno(1).unwrap()).unwrap();
    filter.remove_arch(Arch::native()).unwrap();
    arches
        .iter()
        .for_each(|&arch| filter.add_arch(arch).unwrap());
    filter
}

fn number(call: &str) -> i32 {
    Arch::native().syscall_number(call.as_bytes()).unwrap()
}

fn add(filter: &mut Filter, (action, call, compared): Rule) -> Result<(), Error> {
    let (action, compared) = (action.parse().unwrap(), comparisons(compared));
    filter.add_rule(action, number(call), &compared, RuleMode::BestEffort)
}

fn text(filter: &Filter) -> String {
    String::from_utf8(filter.pseudo_code().unwrap()).unwrap()
}

fn described(filter: &Filter) -> Described {
    describe(&filter.resolve(View::Program).unwrap())
}

/// The text of the first conditional system call.
fn first_tree(filter: &Filter) -> String {
    let text = text(filter);
    let start = text.find("  # filter for syscall \"socket\"").unwrap();
    let (tree, _) = text[start..].split_once("  # default action").unwrap();
    tree.to_string()
}

/// A block that is entered with different words in the accumulator.
fn reload() -> String {
    let mut filter = filter_for(&[Arch::X86_64]);
    for rule in [RULES[3], ("allow", "socket", "a0 == 10")] {
        add(&mut filter, rule).unwrap();
    }
    described(&filter).blocks
}

/// The returns of a long program, each with the instruction before it and the one after.
fn bridges() -> String {
    let mut filter = filter_for(&[Arch::X86_64]);
    for name in (0..300).filter_map(|number| Arch::X86_64.syscall_name(number)) {
        add(&mut filter, ("allow", name, "")).unwrap();
    }
    let program = described(&filter).program;
    let lines: Vec<_> = program.split_inclusive('\n').collect();
    let is_near = |&at: &usize| {
        let near = &lines[at.saturating_sub(1)..(at + 2).min(lines.len())];
        near.concat().contains("return")
    };
    (0..lines.len())
        .filter(is_near)
        .map(|at| lines[at])
        .collect()
}

/// Every block of the page with its name, and the sources of the pictures.
fn examples() -> Vec<(&'static str, String)> {
    let mut filter = filter_for(&[Arch::X86_64, Arch::X86]);
    let [mut rules, mut plans, mut before_pruning] = [const { String::new() }; 3];
    for (place, &rule) in (1..).zip(&RULES) {
        let (before, (action, call, compared)) = (text(&filter), rule);
        let rule_text = format!("{action} {call}({compared})");
        if !compared.is_empty() {
            let (action, compared) = (action.parse().unwrap(), comparisons(compared));
            let planned = policy::plans(&mut filter.policy, action, number(call), &compared);
            plans += &format!("rule {place}: {rule_text}\n{planned}");
        }
        assert_eq!(before, text(&filter), "plans change nothing");
        let answer = add(&mut filter, rule);
        assert_eq!(
            before == text(&filter),
            place >= 7,
            "rules 7 to 9 change nothing"
        );
        rules += &format!("{place}  {rule_text:<43} {answer:?}\n");
        if place == 5 {
            before_pruning = first_tree(&filter);
        }
    }
    let names = ["read", "write", "socket", "sockets"].map(policy::look_up);
    let operators = ["a0 == 7", "a0 != 7", "a0 > 7", "a0 < 7"].map(|compared| {
        format!(
            "{compared}\n{}",
            policy::tests(comparisons(compared).as_slice())
        )
    });
    let pseudo_code = text(&filter);
    let resolved = filter.resolve(View::Program).unwrap();
    let calls = resolved.arches.iter().flat_map(|arch| &arch.calls);
    let calls = calls.map(|call| format!("{call:?}\n")).collect();
    let (tree, mut edges) = (resolved.arches[0].tree(0), String::new());
    let boxes = policy::dot(tree, tree.root(), &mut edges);
    let program = describe(&resolved);
    filter.attributes_mut().optimization = Optimization::Search;
    let search = described(&filter);
    let digraph = |all: &str| format!("digraph {{\ncompound=true;\nnode [shape=box];\n{all}}}\n");
    vec![
        ("rules", rules),
        ("plans", plans),
        ("names", names.concat()),
        ("operators", operators.concat()),
        ("tests", policy::tests(comparisons(RULES[3].2).as_slice())),
        ("tree-before", before_pruning),
        ("tree.dot", digraph(&(boxes + &edges))),
        ("resolved", calls),
        ("steps", program.steps),
        ("blocks", program.blocks),
        ("blocks.dot", digraph(&program.dot)),
        ("reload", reload()),
        ("program", program.program),
        ("search-steps", search.steps),
        ("search-blocks", search.blocks),
        ("bridges", bridges()),
        ("text", pseudo_code),
    ]
}

/// Compares a picture's source, and the labels of the picture, or writes the source.
fn check_picture(source: &Path, text: &str) {
    if std::env::var_os("BLESS").is_some() {
        return std::fs::write(source, text).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(source).unwrap(),
        text,
        "{}",
        source.display()
    );
    let picture = std::fs::read_to_string(source.with_extension("svg")).unwrap();
    for label in text.split("label=\"").skip(1) {
        let label = label.split('"').next().unwrap().replace('>', "&gt;");
        assert!(
            picture.contains(&format!(">{label}<")),
            "scripts/pictures.sh: {label}"
        );
    }
}

#[test]
fn the_page_shows_what_the_stages_make() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    if !docs.exists() {
        println!("skipped: the published crate has no docs folder");
        return;
    }
    let path = docs.join("compiler.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (mut made, mut blocks) = (page.clone(), 0);
    for (name, text) in examples() {
        if name.ends_with(".dot") {
            check_picture(&docs.join("compiler").join(name), &text);
            continue;
        }
        let start = format!("```text example={name}\n");
        let (before, rest) = made.split_once(&start).expect(name);
        let (_, after) = rest.split_once("```").expect(name);
        made = format!("{before}{start}{text}```{after}");
        blocks += 1;
    }
    assert_eq!(
        made.matches("```text example=").count(),
        blocks,
        "an unknown block"
    );
    if std::env::var_os("BLESS").is_some() {
        return std::fs::write(&path, &made).unwrap();
    }
    let differs = page
        .lines()
        .zip(made.lines())
        .find(|(page, made)| page != made);
    assert!(
        page == made,
        "BLESS=1 cargo test -p scmp-core worked_example: {differs:?}"
    );
}
