// SPDX-License-Identifier: LGPL-2.1-only
//! The filter that docs/compiler.md follows through every stage. The data in that page's
//! blocks, and the sources of its pictures, are what the stages make of the filter:
//! `BLESS=1 cargo test -p scmp-core worked_example` writes them anew.

use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::codegen::worked_example::{Described, describe};
use crate::policy::worked_example as policy;
use crate::rule::{Comparison, Operator, Optimization};

const KILL: Action = Action::KillProcess;

/// Action, system call, and comparisons as argument, operator, datum.
type Rule = (Action, &'static str, &'static [(u8, Operator, u64)]);

const RULES: [Rule; 9] = {
    use Operator::{Equal, NotEqual};
    [
        (Action::Allow, "read", &[]),
        (Action::Allow, "write", &[]),
        (Action::Allow, "socket", &[(0, Equal, 40)]),
        (Action::Allow, "socket", &[(0, NotEqual, 16), (1, Equal, 1)]),
        (Action::Allow, "socket", &[(0, Equal, 2), (1, Equal, 2)]),
        (Action::Allow, "socket", &[(1, Equal, 2)]),
        (Action::Allow, "socket", &[(0, Equal, 10), (1, Equal, 2)]),
        (KILL, "socket", &[(0, Equal, 40)]),
        (KILL, "socket", &[(0, Equal, 1 << 32 | 40)]),
    ]
};

fn comparison_text(&(argument, operator, datum): &(u8, Operator, u64)) -> String {
    let operator = match operator {
        Operator::NotEqual => "!=",
        Operator::Less => "<",
        Operator::Equal => "==",
        Operator::Greater => ">",
        _ => unreachable!("not in the example"),
    };
    let datum = if datum < 0x1000 {
        datum.to_string()
    } else {
        format!("{datum:#x}")
    };
    format!("a{argument} {operator} {datum}")
}

fn rule_text((action, call, compared): Rule) -> String {
    let compared: Vec<_> = compared.iter().map(comparison_text).collect();
    format!("{action:?} {call}({})", compared.join(", "))
}

fn comparisons(compared: &[(u8, Operator, u64)]) -> Comparisons {
    let compare = |&(argument, operator, datum): &(u8, Operator, u64)| {
        Comparison::new(argument, operator, datum).unwrap()
    };
    let all: Vec<_> = compared.iter().map(compare).collect();
    Comparisons::new(&all).unwrap()
}

/// The lines of the text for one system call.
fn tree_text(filter: &Filter, call: &str) -> String {
    let text = String::from_utf8(filter.pseudo_code().unwrap()).unwrap();
    let start = text
        .find(&format!("  # filter for syscall \"{call}\""))
        .unwrap();
    let lines = text[start..].lines();
    let count = 1 + lines
        .clone()
        .skip(1)
        .take_while(|line| !line.starts_with("  #"))
        .count();
    lines
        .take(count)
        .map(|line| line.to_string() + "\n")
        .collect()
}

/// A filter without rules, for these architectures on every host.
fn filter_for(arches: &[Arch]) -> Filter {
    let mut filter = Filter::new(Action::errno(1).unwrap()).unwrap();
    filter.remove_arch(Arch::native()).unwrap();
    for &arch in arches {
        filter.add_arch(arch).unwrap();
    }
    filter
}

fn add(filter: &mut Filter, (action, call, compared): Rule) -> Result<(), Error> {
    let number = Arch::native().syscall_number(call.as_bytes()).unwrap();
    filter.add_rule(action, number, &comparisons(compared), RuleMode::BestEffort)
}

fn described(filter: &Filter) -> Described {
    describe(&filter.resolve(View::Program).unwrap())
}

/// A block that is entered with two words in the accumulator.
fn reload() -> Described {
    let mut filter = filter_for(&[Arch::X86_64]);
    add(&mut filter, RULES[3]).unwrap();
    add(
        &mut filter,
        (Action::Allow, "socket", &[(0, Operator::Equal, 10)]),
    )
    .unwrap();
    described(&filter)
}

/// The returns of a program that is longer than a jump, with the instructions before them.
fn bridges() -> String {
    let mut filter = filter_for(&[Arch::X86_64]);
    for name in (0..300).filter_map(|number| Arch::X86_64.syscall_name(number)) {
        add(&mut filter, (Action::Allow, name, &[])).unwrap();
    }
    let program = described(&filter).program;
    let lines: Vec<_> = program.lines().collect();
    let is_near = |at: usize| {
        let end = (at + 2).min(lines.len());
        lines[at.saturating_sub(1)..end]
            .iter()
            .any(|line| line.contains("return"))
    };
    let shown = (0..lines.len()).filter(|&at| is_near(at));
    shown.map(|at| lines[at].to_string() + "\n").collect()
}

/// Every block of the page by its name, and the sources of the pictures.
fn examples() -> BTreeMap<&'static str, String> {
    let mut filter = filter_for(&[Arch::X86_64, Arch::X86]);
    let mut texts = BTreeMap::from([("rules", String::new()), ("plans", String::new())]);
    for (place, &rule) in (1..).zip(&RULES) {
        let before = filter.pseudo_code().unwrap();
        if !rule.2.is_empty() {
            let number = Arch::native().syscall_number(rule.1.as_bytes()).unwrap();
            let plans = policy::plans(&mut filter.policy, rule.0, number, &comparisons(rule.2));
            *texts.get_mut("plans").unwrap() +=
                &format!("rule {place}: {}\n{plans}", rule_text(rule));
        }
        assert_eq!(
            before,
            filter.pseudo_code().unwrap(),
            "plans change nothing"
        );
        let answer = format!("{:?}", add(&mut filter, rule));
        *texts.get_mut("rules").unwrap() += &format!("{place}  {:<38} {answer}\n", rule_text(rule));
        if place == 5 {
            texts.insert("tree-before", tree_text(&filter, "socket"));
        }
        let is_same = before == filter.pseudo_code().unwrap();
        assert_eq!(is_same, place >= 7, "rules 7 to 9 change nothing");
    }
    texts.insert(
        "names",
        ["read", "write", "socket", "sockets"]
            .map(policy::look_up)
            .concat(),
    );
    texts.insert("tests", policy::tests(comparisons(RULES[3].2).as_slice()));
    let operators = [
        Operator::Equal,
        Operator::NotEqual,
        Operator::Greater,
        Operator::Less,
    ];
    let operators = operators.map(|operator| {
        let compared = (0, operator, 7);
        comparison_text(&compared) + "\n" + &policy::tests(comparisons(&[compared]).as_slice())
    });
    texts.insert("operators", operators.concat());
    texts.insert(
        "text",
        String::from_utf8(filter.pseudo_code().unwrap()).unwrap(),
    );
    let resolved = filter.resolve(View::Program).unwrap();
    let calls = resolved.arches.iter().flat_map(|arch| &arch.calls);
    texts.insert(
        "resolved",
        calls.map(|call| format!("{call:?}\n")).collect(),
    );
    let tree = resolved.arches[0].tree(0);
    let mut edges = String::new();
    let boxes = policy::dot(tree, tree.root(), &mut edges);
    texts.insert(
        "tree.dot",
        format!("digraph tree {{\ncompound=true; node [shape=box];\n{boxes}{edges}}}\n"),
    );
    let Described {
        steps,
        blocks,
        program,
        dot,
    } = describe(&resolved);
    texts.insert(
        "blocks.dot",
        format!("digraph blocks {{\nnode [shape=box];\n{dot}}}\n"),
    );
    texts.extend([("steps", steps), ("blocks", blocks), ("program", program)]);
    filter.attributes_mut().optimization = Optimization::Search;
    let Described { steps, blocks, .. } = described(&filter);
    texts.extend([("search-steps", steps), ("search-blocks", blocks)]);
    texts.extend([("reload", reload().blocks), ("bridges", bridges())]);
    texts
}

#[test]
fn the_page_shows_what_the_stages_make() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    if !docs.exists() {
        println!("skipped: the published crate has no docs folder");
        return;
    }
    let bless = std::env::var_os("BLESS").is_some();
    let path = docs.join("compiler.md");
    let page = std::fs::read_to_string(&path).expect("docs/compiler.md");
    let mut made = page.clone();
    for (name, text) in examples() {
        if name.ends_with(".dot") {
            let source = docs.join("compiler").join(name);
            if bless {
                std::fs::write(&source, &text).unwrap();
                continue;
            }
            assert_eq!(
                std::fs::read_to_string(&source).expect(name),
                text,
                "{name}"
            );
            let picture = std::fs::read_to_string(source.with_extension("svg")).expect(name);
            let escaped = text.replace("->", "").replace('>', "&gt;");
            for label in escaped.split("label=\"").skip(1) {
                let label = label.split('"').next().unwrap_or_default();
                assert!(
                    picture.contains(&format!(">{label}<")),
                    "scripts/pictures.sh: {label}"
                );
            }
            continue;
        }
        let start = format!("```text example={name}\n");
        let (before, rest) = made.split_once(&start).expect(name);
        let (_, after) = rest.split_once("```").unwrap();
        made = format!("{before}{start}{text}```{after}");
    }
    assert_eq!(
        made.matches(" example=").count(),
        examples().len() - 2,
        "unknown examples"
    );
    if bless {
        std::fs::write(&path, &made).unwrap();
    } else {
        assert_eq!(page, made, "BLESS=1 cargo test -p scmp-core worked_example");
    }
}
